import { type Call, listParam } from './call.ts'
import { invalid, Refused } from './refused.ts'
import { MIN_BUDGET_UNITS } from './shown.ts'
import type { Node, Store, Stored } from './store.ts'
import { unitOf } from './units.ts'

const STATUSES = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED']
const STRATEGIES = [
  'LOWEST_COST_WITHOUT_CAP',
  'LOWEST_COST_WITH_BID_CAP',
  'COST_CAP',
  'LOWEST_COST_WITH_MIN_ROAS',
]
const MOST_BUDGET_CHANGES = 4
const HOUR_MS = 3_600_000

/** `POST /{id}`: all of what is sent is good and written, or nothing. @throws Refused */
export function write(call: Call, node: Node, store: Store, actor: string): { success: true } {
  const before = store.inForce(node)
  const wanted = {
    ...status(call),
    ...name(call),
    ...budget(call, node, store, before),
    ...bid(call, node, before),
  }
  if (listParam(call, 'execution_options').includes('validate_only')) return { success: true }
  for (const [field, after] of Object.entries(wanted)) {
    const now = before[field as keyof Stored]
    if (now !== after) store.changes.set(node.id, field, now, after, actor)
  }
  return { success: true }
}

function status({ params: { status } }: Call): Partial<Stored> {
  if (status === undefined) return {}
  if (!STATUSES.includes(status)) throw invalid(`Param status must be one of {${STATUSES.join(', ')}}`)
  return { status }
}

const name = ({ params: { name } }: Call): Partial<Stored> => (name === undefined ? {} : { name })

function budget(call: Call, node: Node, store: Store, before: Stored): Partial<Stored> {
  if (call.params.lifetime_budget !== undefined)
    throw invalid('The budget of this object is by day', 1885272, 'Budget type cannot be changed')
  const units = whole(call, 'daily_budget')
  if (units === null) return {}
  if (before.daily_budget === null)
    throw invalid('Invalid parameter', 1885621, 'You can only set an ad set budget or a campaign budget')
  if (units < MIN_BUDGET_UNITS) throw invalid('Invalid parameter', 1885272, 'Budget is too low')
  const daily_budget = units * unitOf(node.account.currency)
  const changes = store.changes.count(node.id, 'daily_budget', HOUR_MS)
  if (node.level === 'adset' && daily_budget !== before.daily_budget && changes >= MOST_BUDGET_CHANGES)
    throw new Refused({
      code: 613,
      subcode: 1487632,
      message: '(#613) Calls to this api have exceeded the rate limit.',
      title: 'Ad set budget was changed too many times within an hour',
    })
  return { daily_budget }
}

function bid(call: Call, node: Node, before: Stored): Partial<Stored> {
  const { bid_strategy } = call.params
  const units = whole(call, 'bid_amount')
  if (units === null && bid_strategy === undefined) return {}
  if (node.level !== 'adset') throw invalid('Only an ad set takes a bid here')
  if (bid_strategy !== undefined && !STRATEGIES.includes(bid_strategy))
    throw invalid(`Param bid_strategy must be one of {${STRATEGIES.join(', ')}}`)
  const strategy = bid_strategy ?? before.bid_strategy
  if (units !== null && strategy === 'LOWEST_COST_WITHOUT_CAP')
    throw invalid('bid_amount is not allowed with bid strategy LOWEST_COST_WITHOUT_CAP')
  return {
    ...(units === null ? {} : { bid_amount: units * unitOf(node.account.currency) }),
    ...(bid_strategy === undefined ? {} : { bid_strategy }),
  }
}

function whole(call: Call, param: string): number | null {
  const text = call.params[param]
  if (text === undefined) return null
  if (!/^\d+$/.test(text) || Number(text) < 1) throw invalid(`Param ${param} must be a positive integer`)
  return Number(text)
}
