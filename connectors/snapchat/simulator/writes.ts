import { EntityChanges } from '../../../plugins/simulator/entities.ts'
import { type AccountTree, idOf, type Node } from './account-tree.ts'
import { type ApiObject, isoOf, objectOf } from './objects.ts'

type Written = 'campaigns' | 'adsquads' | 'ads'

/** Fields that a PUT writes; one that is left out is reset to what stands here. */
const WRITABLE: Readonly<Record<Written, ApiObject>> = {
  campaigns: {
    status: 'PAUSED',
    objective_v2_properties: null,
    start_time: null,
    end_time: null,
    daily_budget_micro: null,
    lifetime_spend_cap_micro: null,
  },
  adsquads: {
    status: 'PAUSED',
    targeting: null,
    placement_v2: null,
    billing_event: null,
    optimization_goal: null,
    bid_micro: null,
    bid_strategy: 'AUTO_BID',
    daily_budget_micro: null,
    lifetime_budget_micro: null,
    start_time: null,
    end_time: null,
  },
  ads: { status: 'PAUSED', creative_id: null },
}

const PARENT = { campaigns: 'ad_account_id', adsquads: 'campaign_id', ads: 'ad_squad_id' } as const

export type WriteOutcome =
  | { readonly ok: true; readonly object: ApiObject }
  | { readonly ok: false; readonly code: string; readonly reason: string }

/** Objects as they are read now, and PUTs of them: whole objects, one refused without the others. */
export class Writes {
  readonly changes: EntityChanges
  readonly #tree: AccountTree
  readonly #now: () => number
  /** What was written last, read or not yet. */
  readonly #latest = new Map<string, ApiObject>()

  constructor(tree: AccountTree, now: () => number, delayMs: number) {
    this.#tree = tree
    this.#now = now
    this.changes = new EntityChanges(now, delayMs)
  }

  read(node: Node): ApiObject {
    return this.changes.over(idOf(node), objectOf(node))
  }

  put(level: Written, parent: string, object: ApiObject): WriteOutcome {
    const node = typeof object.id === 'string' ? this.#tree.node(level, object.id) : null
    if (node === null) return refused('E3003', 'Resource can not be found')
    const before = this.#latest.get(idOf(node)) ?? objectOf(node)
    const field = PARENT[level]
    if (before[field] !== parent || object[field] !== parent)
      return refused('E2000', `${field} cannot be changed`)
    const reason = wrongIn(object)
    if (reason !== null) return refused('E2000', reason)
    const after: Record<string, unknown> = { ...before, updated_at: isoOf(this.#now()) }
    for (const [name, reset] of Object.entries({ name: null, ...WRITABLE[level] }))
      after[name] = object[name] ?? reset
    for (const [name, value] of Object.entries(after))
      if (JSON.stringify(value) !== JSON.stringify(before[name]))
        this.changes.set(idOf(node), name, before[name], value, 'api')
    this.#latest.set(idOf(node), after)
    return { ok: true, object: after }
  }
}

const refused = (code: string, reason: string): WriteOutcome => ({ ok: false, code, reason })

function wrongIn(object: ApiObject): string | null {
  if (typeof object.name !== 'string' || object.name === '') return 'name is required'
  if (!['ACTIVE', 'PAUSED', undefined].includes(object.status as string | undefined))
    return 'status must be ACTIVE or PAUSED'
  for (const [name, value] of Object.entries(object))
    if (name.endsWith('_micro') && value !== null && !(Number.isSafeInteger(value) && Number(value) > 0))
      return `${name} must be a positive whole number of micros`
  return null
}
