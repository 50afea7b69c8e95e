import { action } from '../../../plugins/actions/action.ts'
import { BudgetParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import type { Json } from '../api/envelope.ts'
import type { Context } from '../context.ts'
import { whole } from '../fields.ts'
import { checkAmount } from './amount.ts'
import { change, objectOf, ownerOf } from './target.ts'

/** What an object may spend, in the field it has it in. Micros. */
interface Budget {
  readonly field: string
  readonly budget_micros: number | null
  readonly currency: string
}

const FIELDS = {
  campaign: ['daily_budget_micro', 'lifetime_spend_cap_micro'],
  adset: ['daily_budget_micro', 'lifetime_budget_micro'],
} as const

export const setBudget = action({
  title: 'Set the budget of a campaign or ad squad',
  params: BudgetParams,
  async read(context: Context & { readonly params: BudgetParams }): Promise<Budget> {
    const { level, id } = context.params
    const target = await objectOf(context.client, level, id)
    const { currency } = await ownerOf(context, level, target)
    return { ...budgetOf(target, FIELDS[level]), currency }
  },
  wanted(params, current): Budget {
    checkAmount(params.budget_micros, params.currency, current.currency, '/budget_micros')
    if (current.budget_micros === null)
      throw configError(`${params.id} has no budget of its own: set it where it has one`, '/id')
    return { ...current, budget_micros: params.budget_micros }
  },
  write: ({ client, params: { level, id } }, { field, budget_micros }) =>
    change(client, level, id, { [field]: budget_micros }),
})

/** The daily one where there is one: it holds every day. */
function budgetOf(target: Json, [daily, lifetime]: readonly [string, string]) {
  const byDay = whole(target, daily)
  if (byDay !== null) return { field: daily, budget_micros: byDay }
  return { field: lifetime, budget_micros: whole(target, lifetime) }
}
