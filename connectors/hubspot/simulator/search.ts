import { invalid } from './answers.ts'
import { PROPERTIES } from './properties.ts'
import type { ObjectType, Properties } from './store.ts'

export interface Filter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly highValue?: string
  readonly values?: readonly string[]
}

export interface SearchBody {
  readonly filterGroups?: readonly { readonly filters: readonly Filter[] }[]
  readonly sorts?: readonly (string | { readonly propertyName: string; readonly direction?: string })[]
  readonly properties?: readonly string[]
  readonly limit?: number
  readonly after?: string | number
  readonly query?: string
}

/** Results that a search gives, whatever it finds. */
export const MOST = 10_000
const LIMITS = { groups: 5, filters: 6, total: 18, page: 200, chars: 3000 }

/** What of the limits of platforms.md §6.2 a search is over: refused. @param body as it came */
export function checkSearch(type: ObjectType, search: SearchBody, body: string): void {
  const { filterGroups = [], sorts = [], limit = 10, after = 0 } = search
  if (body.length > LIMITS.chars) throw invalid(`the request body is longer than ${LIMITS.chars} characters`)
  if (filterGroups.length > LIMITS.groups) throw invalid(`more than ${LIMITS.groups} filterGroups`)
  const counts = filterGroups.map(group => group.filters?.length ?? 0)
  if (counts.some(n => n > LIMITS.filters)) throw invalid(`more than ${LIMITS.filters} filters in a group`)
  if (counts.reduce((a, b) => a + b, 0) > LIMITS.total) throw invalid(`more than ${LIMITS.total} filters`)
  if (sorts.length > 1) throw invalid('only one sort is allowed')
  if (!(limit >= 1 && limit <= LIMITS.page)) throw invalid(`limit is not between 1 and ${LIMITS.page}`)
  if (!/^\d+$/.test(String(after))) throw invalid('after is not a number')
  if (Number(after) + limit > MOST) throw invalid(`cannot page beyond ${MOST} results`)
  for (const { propertyName } of filterGroups.flatMap(group => group.filters))
    if (!(propertyName in PROPERTIES[type]))
      throw invalid(`There was a problem with the request: unknown property ${propertyName}`)
}

/** Groups are alternatives, the filters of one hold together. */
export function matches(
  type: ObjectType,
  properties: Properties,
  { filterGroups = [], query }: SearchBody,
): boolean {
  if (query !== undefined && query !== '') {
    const names = type === 'contacts' ? ['email', 'firstname', 'lastname', 'phone'] : ['dealname']
    const words = names.map(name => properties[name]?.toLowerCase() ?? '')
    if (!words.some(word => word.includes(query.toLowerCase()))) return false
  }
  return (
    filterGroups.length === 0 ||
    filterGroups.some(({ filters }) => filters.every(f => holds(type, properties, f)))
  )
}

function holds(type: ObjectType, properties: Properties, filter: Filter): boolean {
  const { propertyName: name, operator, value = '', highValue = '', values = [] } = filter
  const own = properties[name] ?? null
  if (operator === 'HAS_PROPERTY') return own !== null && own !== ''
  if (operator === 'NOT_HAS_PROPERTY') return own === null || own === ''
  if (own === null || own === '') return false
  const is = (other: string) => compare(type, name, own, other)
  switch (operator) {
    case 'EQ':
      return is(value) === 0
    case 'NEQ':
      return is(value) !== 0
    case 'LT':
      return is(value) < 0
    case 'LTE':
      return is(value) <= 0
    case 'GT':
      return is(value) > 0
    case 'GTE':
      return is(value) >= 0
    case 'BETWEEN':
      return is(value) >= 0 && is(highValue) <= 0
    case 'IN':
      return values.some(one => is(one) === 0)
    case 'NOT_IN':
      return values.every(one => is(one) !== 0)
    case 'CONTAINS_TOKEN':
      return hasToken(own, value)
    case 'NOT_CONTAINS_TOKEN':
      return !hasToken(own, value)
    default:
      throw invalid(`unknown operator ${operator}`)
  }
}

const NUMERIC = new Set(['number', 'date', 'datetime'])

function compare(type: ObjectType, name: string, a: string, b: string): number {
  if (!NUMERIC.has(PROPERTIES[type][name] ?? '')) {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return numberOf(a) - numberOf(b)
}

/** Times are compared in milliseconds, however they are written. */
function numberOf(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw invalid(`${text} is neither a number nor a time`)
  return ms
}

function hasToken(text: string, token: string): boolean {
  const pattern = token
    .toLowerCase()
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .some(word => new RegExp(`^${pattern}$`, 'u').test(word))
}

/** In the order asked for; else in that of creation. */
export function sorted<
  T extends { readonly object: { readonly id: number }; readonly properties: Properties },
>(type: ObjectType, found: T[], { sorts = [] }: SearchBody): T[] {
  const [sort = 'hs_object_id'] = sorts
  const [name, down] =
    typeof sort === 'string'
      ? [sort.replace(/^-/, ''), sort.startsWith('-')]
      : [sort.propertyName, sort.direction === 'DESCENDING']
  const key = (one: T) => one.properties[name] ?? null
  if (name === 'hs_object_id') return found.sort((a, b) => (down ? -1 : 1) * (a.object.id - b.object.id))
  return found.sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === null || right === null)
      return left === right ? a.object.id - b.object.id : left === null ? 1 : -1
    return (down ? -1 : 1) * compare(type, name, left, right) || a.object.id - b.object.id
  })
}
