import { FIELDS } from './catalogue.ts'
import type { Condition, Query } from './parse.ts'

export type Value = string | number | boolean | null | object | undefined

/** A row of a result before what was selected of it is shown: its values by the names of fields. */
export interface ResultRow {
  get(field: string): Value
}

export function matches(row: ResultRow, conditions: readonly Condition[]): boolean {
  return conditions.every(({ field, operator, values }) => {
    const value = row.get(field) ?? null
    if (operator === 'IS NULL') return value === null
    if (operator === 'IS NOT NULL') return value !== null
    if (value === null) return operator === '!=' || operator === 'NOT IN'
    const [first] = values as [string]
    const order = (other: string) => compared(field, value, other)
    switch (operator) {
      case '=':
        return order(first) === 0
      case '!=':
        return order(first) !== 0
      case '<':
        return order(first) < 0
      case '<=':
        return order(first) <= 0
      case '>':
        return order(first) > 0
      case '>=':
        return order(first) >= 0
      case 'IN':
        return values.some(v => order(v) === 0)
      case 'NOT IN':
        return values.every(v => order(v) !== 0)
      case 'LIKE':
        return like(String(value), first)
    }
    return false
  })
}

function compared(field: string, value: Value, other: string): number {
  const type = FIELDS.get(field)
  if (type === 'bool') return String(value) === other.toLowerCase() ? 0 : 1
  if (type === 'int64' || type === 'double') return ordered(numeric(value), numeric(other))
  return ordered(String(value), other)
}

/** Ids may be longer than a number holds. */
const numeric = (value: Value): bigint | number => {
  const text = String(value)
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text)
}

const ordered = <T extends string | number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

function like(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'i').test(value)
}

/** In the order asked for; rows that are equal to it stay as they are. */
export function sorted<T extends ResultRow>(rows: readonly T[], orderBy: Query['orderBy']): readonly T[] {
  if (orderBy.length === 0) return rows
  const keyed = rows.map(row => ({ row, keys: orderBy.map(({ field }) => keyOf(field, row.get(field))) }))
  keyed.sort((a, b) => {
    for (const [i, { isDescending }] of orderBy.entries()) {
      const order = ordered(a.keys[i] as string, b.keys[i] as string)
      if (order !== 0) return isDescending ? -order : order
    }
    return 0
  })
  return keyed.map(({ row }) => row)
}

function keyOf(field: string, value: Value): string | number | bigint {
  const type = FIELDS.get(field)
  if (type === 'int64' || type === 'double') return numeric(value ?? '-1')
  return String(value ?? '')
}

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const paths = new Map<string, readonly string[]>()

/** Where a field is in a row. There are a few hundred fields, and rows by the ten thousand. */
function pathOf(field: string): readonly string[] {
  let path = paths.get(field)
  if (!path) {
    path = field.split('.').map(camel)
    paths.set(field, path)
  }
  return path
}

/** What was selected, nested by resource in lowerCamelCase, int64 as text; resource names always. */
export function shown(row: ResultRow, fields: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of fields) {
    const value = row.get(field)
    if (value === undefined || value === null) continue
    const path = pathOf(field)
    let target = result
    for (const name of path.slice(0, -1)) {
      target[name] ??= {}
      target = target[name] as Record<string, unknown>
    }
    target[path.at(-1)!] = FIELDS.get(field) === 'int64' ? String(value) : value
  }
  return result
}

/** The fields of a result: what is selected, and the names of the resources it is of. */
export function fieldsOf(query: Query): string[] {
  const resources = new Set([query.from, ...query.select.map(field => field.split('.', 1)[0]!)])
  const names = [...resources].map(r => `${r}.resource_name`).filter(name => FIELDS.has(name))
  return [...new Set([...names, ...query.select])]
}
