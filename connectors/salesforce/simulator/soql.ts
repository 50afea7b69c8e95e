import { Refused } from './answers.ts'
import { FIELDS, type Fields, type ObjectName, type SalesforceStore, SYSTEM, type Value } from './store.ts'

interface Condition {
  readonly field: string
  readonly operator: string
  readonly values: readonly string[]
  /** Of a semi-join: the ids it gives. */
  readonly inner: Parsed | null
}

export interface Parsed {
  readonly fields: readonly string[]
  readonly object: ObjectName
  readonly where: readonly Condition[]
  readonly order: readonly { readonly field: string; readonly down: boolean }[]
}

const SHAPE = /^SELECT (.+?) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY ([\w ,]+))?$/s
const SEMI_JOIN = /^(\w+) IN \((SELECT .+)\)$/s
const LIST = /^(\w+) IN \(((?:'[^']*',? ?)+)\)$/
const SIMPLE = /^(\w+) (=|!=|<|<=|>|>=) ('[^']*'|[\w.:+-]+)$/

/** The part of SOQL that queries of rows by time and id need. @throws Refused, in Salesforce's words */
export function parse(soql: string): Parsed {
  for (const word of ['GROUP BY', 'OFFSET', 'TYPEOF'])
    if (new RegExp(`\\b${word}\\b`, 'i').test(soql))
      throw malformed(`${word} is not supported in a bulk query`)
  const [, list = '', object = '', where = '', order = ''] = SHAPE.exec(soql.trim()) ?? []
  if (object === '') throw malformed(`unexpected token: ${soql.slice(0, 40)}`)
  if (!(object in FIELDS))
    throw new Refused(400, 'INVALID_TYPE', `sObject type '${object}' is not supported.`)
  return {
    fields: list.split(',').map(field => field.trim()),
    object: object as ObjectName,
    where: where === '' ? [] : parts(where).map(conditionOf),
    order: order.split(',').flatMap(one => {
      const [field = '', direction = 'ASC'] = one.trim().split(' ')
      return field === '' ? [] : [{ field, down: direction.toUpperCase() === 'DESC' }]
    }),
  }
}

const malformed = (message: string) => new Refused(400, 'MALFORMED_QUERY', message)

/** At each AND that stands in no parentheses. */
function parts(where: string): string[] {
  const found: string[] = []
  let depth = 0
  let begin = 0
  for (let i = 0; i < where.length; i++) {
    if (where[i] === '(') depth++
    if (where[i] === ')') depth--
    if (depth === 0 && where.startsWith(' AND ', i)) {
      found.push(where.slice(begin, i))
      begin = i + 5
    }
  }
  return [...found, where.slice(begin)].map(part => part.trim())
}

function conditionOf(text: string): Condition {
  const [, joined, inner] = SEMI_JOIN.exec(text) ?? []
  if (joined !== undefined) return { field: joined, operator: 'IN', values: [], inner: parse(inner!) }
  const [, listed, values] = LIST.exec(text) ?? []
  if (listed !== undefined)
    return {
      field: listed,
      operator: 'IN',
      values: [...values!.matchAll(/'([^']*)'/g)].map(m => m[1]!),
      inner: null,
    }
  const [, field, operator, value] = SIMPLE.exec(text) ?? []
  if (field === undefined) throw malformed(`unexpected token: ${text.slice(0, 60)}`)
  return { field, operator: operator!, values: [value!.replace(/^'|'$/g, '')], inner: null }
}

export interface RunOptions {
  readonly store: SalesforceStore
  /** Deleted rows too: `queryAll`. */
  readonly withDeleted: boolean
  /** The organisation has several currencies. */
  readonly isMulti: boolean
}

/** @throws Refused: a field that is not there */
export function run({ fields, object, where, order }: Parsed, options: RunOptions): Fields[] {
  const { store, withDeleted, isMulti } = options
  for (const field of [...fields, ...where.map(c => c.field), ...order.map(o => o.field)])
    if (!fieldsOf(object, isMulti).includes(field))
      throw new Refused(400, 'INVALID_FIELD', `No such column '${field}' on entity '${object}'.`)
  const tests = where.map(condition => {
    const ids =
      condition.inner && new Set(run(condition.inner, options).map(row => row[condition.inner!.fields[0]!]))
    return (row: Fields) => holds(row[condition.field] ?? null, condition, ids)
  })
  const rows: Fields[] = []
  for (const { fields: row } of store.all(object))
    if ((withDeleted || row.IsDeleted !== true) && tests.every(test => test(row))) rows.push(row)
  rows.sort((a, b) => {
    for (const { field, down } of order) {
      const way = compare(a[field] ?? null, b[field] ?? null)
      if (way !== 0) return down ? -way : way
    }
    return 0
  })
  return rows.map(row => Object.fromEntries(fields.map(field => [field, row[field] ?? null])))
}

export const fieldsOf = (object: ObjectName, isMulti: boolean): readonly string[] => [
  ...SYSTEM,
  ...FIELDS[object],
  ...(isMulti ? ['CurrencyIsoCode'] : []),
]

function holds(own: Value, { operator, values }: Condition, ids: ReadonlySet<unknown> | null): boolean {
  if (ids !== null) return ids.has(own)
  if (operator === 'IN') return values.includes(String(own))
  const [value = ''] = values
  const way = compare(own, typeof own === 'boolean' ? value === 'true' : timeOr(value))
  switch (operator) {
    case '=':
      return way === 0
    case '!=':
      return way !== 0
    case '<':
      return way < 0
    case '<=':
      return way <= 0
    case '>':
      return way > 0
    default:
      return way >= 0
  }
}

/** Times in one form, so that texts compare as they do. */
const timeOr = (value: string): string =>
  /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : value

const compare = (a: Value, b: Value): number =>
  a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
