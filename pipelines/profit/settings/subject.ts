import { isDay } from '../../../engine/clock/days.ts'
import { check } from '../../../engine/config/index.ts'
import { isCurrency } from '../../../engine/currency.ts'
import { messageOf } from '../../../engine/errors.ts'
import type { Subject } from '../../settings/stage.ts'
import type { Tree } from '../../tree.ts'
import { type CostBook, type CostConfig, costBook } from '../model/costs.ts'
import type { FixedCosts } from '../model/fixed.ts'
import { type CostSettings, CostSettingsSchema } from './schema.ts'

export const COSTS = 'costs'

/** What sales cost, as it is in force. */
export interface CostsInForce {
  readonly currency: string | null
  readonly book: CostBook
  readonly fixed: readonly FixedCosts[]
}

function checked(settings: Tree): {
  readonly costs: CostsInForce | null
  readonly problems: readonly string[]
} {
  const found = check(CostSettingsSchema, { costs: [], fixed: [], ...settings }, 'the costs')
  const problems = found.problems.map(problem => problem.text)
  if (problems.length > 0) return { costs: null, problems }
  const { currency, costs, fixed } = found.value as CostSettings
  if (currency !== null && !isCurrency(currency))
    problems.push(`/currency: "${currency}" is not one of ISO 4217`)
  if (currency === null && (fixed.length > 0 || costs.some(hasAmounts)))
    problems.push('/currency: say which the amounts are of, as EUR')
  const spans = [...fixed].sort((a, b) => (a.from < b.from ? -1 : 1))
  for (const [i, { from, to }] of spans.entries()) {
    for (const day of [from, to])
      if (day !== null && !isDay(day)) problems.push(`/fixed: there is no day ${day}`)
    const next = spans[i + 1]
    if (to !== null && to <= from) problems.push(`/fixed: from ${from} to ${to} no day is left`)
    if (next && (to === null || to > next.from))
      problems.push(`/fixed: those from ${from} still hold on ${next.from}; end them first`)
  }
  try {
    const book = costBook(costs as readonly CostConfig[])
    return { costs: problems.length > 0 ? null : { currency, book, fixed: spans }, problems }
  } catch (error) {
    return { costs: null, problems: [...problems, `/costs: ${messageOf(error)}`] }
  }
}

const hasAmounts = (costs: CostSettings['costs'][number]): boolean =>
  costs.cogs_micros !== null ||
  costs.shipping_micros !== null ||
  costs.return_cost_micros !== null ||
  costs.margin_type === 'FIXED'

/** Effective-dated costs of products, categories, platforms and the tenant, and its fixed costs. */
export const costSettings: Subject = { name: COSTS, check: settings => checked(settings).problems }

const NONE: CostsInForce = { currency: null, book: costBook([]), fixed: [] }
const known = new Map<string, CostsInForce>()

/** Costs in force, of their JSON: it was checked when it was set. */
export function costsInForce(text: string): CostsInForce {
  let costs = known.get(text)
  if (!costs) {
    costs = checked(JSON.parse(text)).costs ?? NONE
    if (known.size > 100) known.clear()
    known.set(text, costs)
  }
  return costs
}
