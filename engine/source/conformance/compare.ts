import type { StreamSpec } from '../port.ts'
import { count } from './result.ts'

export type Row = Readonly<Record<string, unknown>>

/** JSON with the names of objects in order: equal for records that are equal. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** What tells a record from others of its stream; the whole of one that has no key. */
export function keyOf({ primaryKey }: StreamSpec, record: Row): string {
  const values = primaryKey.map(name => record[name])
  return canonical(values.length === 0 || values.includes(undefined) ? record : values)
}

/**
 * What is other than it should be, in words; null when records are the same in the same order.
 * @param earlier records that had been read before: they come twice when they come again
 */
export function difference(
  stream: StreamSpec,
  wanted: readonly Row[],
  got: readonly Row[],
  earlier: readonly Row[] = [],
): string | null {
  const left = new Map<string, number>()
  for (const record of wanted) add(left, canonical(record), 1)
  const surplus: Row[] = []
  for (const record of got) {
    const text = canonical(record)
    if ((left.get(text) ?? 0) > 0) add(left, text, -1)
    else surplus.push(record)
  }
  const lost = wanted.filter(record => {
    const text = canonical(record)
    const n = left.get(text) ?? 0
    if (n > 0) left.set(text, n - 1)
    return n > 0
  })
  const known = new Set([...wanted, ...earlier].map(record => keyOf(stream, record)))
  const doubled = surplus.filter(record => known.has(keyOf(stream, record)))
  const parts = [
    ...(lost.length > 0 ? [`${count(lost.length, 'record')} lost (${shown(stream, lost[0]!)})`] : []),
    ...(doubled.length > 0
      ? [`${count(doubled.length, 'record')} twice or changed (${shown(stream, doubled[0]!)})`]
      : []),
    ...(surplus.length > doubled.length
      ? [`${count(surplus.length - doubled.length, 'record')} that should not be there`]
      : []),
  ]
  if (parts.length > 0) return `${stream.name}: ${parts.join(', ')}`
  const moved = wanted.findIndex((record, i) => canonical(record) !== canonical(got[i]))
  return moved < 0 ? null : `${stream.name}: the same records in another order (from record ${moved + 1} on)`
}

/** A record's primary key, short, for a message. */
export function shown(stream: StreamSpec, record: Row): string {
  const text = stream.primaryKey.map(name => `${name} ${String(record[name])}`).join(', ')
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function add(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n)
}
