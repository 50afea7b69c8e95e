import { type Call, jsonParam } from './call.ts'
import { invalid } from './refused.ts'
import { lastChange } from './shown.ts'
import type { Node, Store } from './store.ts'

export interface Filter {
  readonly field: string
  readonly operator: string
  readonly value: unknown
}

const FIELD = /^(campaign|adset|ad)\.(id|effective_status|updated_time)$/
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  id: ['IN', 'NOT_IN', 'EQUAL'],
  effective_status: ['IN', 'NOT_IN', 'EQUAL'],
  updated_time: ['GREATER_THAN', 'LESS_THAN'],
}

/** @throws Refused: not a filter, or one of something that is not simulated */
export function filtersOf(call: Call): Filter[] {
  const filters = jsonParam<Filter[]>(call, 'filtering') ?? []
  if (!Array.isArray(filters)) throw invalid('filtering must be an array')
  for (const { field, operator } of filters)
    if (!OPERATORS[FIELD.exec(field)?.[2] ?? '']?.includes(operator))
      throw invalid(`Filtering field ${field} with operation ${operator} is not supported`)
  return filters
}

/** Where nobody asks for a level's status, what is archived or deleted is left out. */
export function passes(node: Node, filters: readonly Filter[], store: Store): boolean {
  const asked = filters.some(({ field }) => field === `${node.level}.effective_status`)
  const status = store.effectiveStatus(node)
  if (!asked && (status === 'ARCHIVED' || status === 'DELETED')) return false
  return filters.every(({ field, operator, value }) => {
    const [, level, what] = FIELD.exec(field)!
    const id = level === 'campaign' ? node.campaign.id : level === 'adset' ? node.adset?.id : node.ad?.id
    const of = id === undefined ? undefined : store.node(id)
    if (of === undefined) return true
    if (what === 'updated_time') {
      // Epoch seconds.
      const seconds = Math.floor(lastChange(of, store) / 1e6)
      return operator === 'GREATER_THAN' ? seconds > Number(value) : seconds < Number(value)
    }
    const actual = what === 'id' ? of.id : store.effectiveStatus(of)
    const values = [value].flat().map(String)
    return values.includes(actual) !== (operator === 'NOT_IN')
  })
}
