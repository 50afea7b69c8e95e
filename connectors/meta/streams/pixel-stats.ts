import { PayloadError } from '../../../plugins/errors.ts'
import type { Meta } from '../api/client.ts'
import { graphCursor, type List, rowsIn } from '../api/paging.ts'
import { count, isObject, type Json, text } from '../fields.ts'

export interface Window {
  /** UTC microseconds, whole hours. */
  readonly start: number
  readonly end: number
}

/** Of one event: how many were received, and how many of them had each match key. */
export interface EventStats {
  readonly events: number
  readonly keys: ReadonlyMap<string, number>
}

/** A counted value: `{value: 'Purchase', count}` by event, `{event: 'Purchase', value: 'em', count}` by match key. */
export interface Stat {
  readonly event: string | null
  readonly value: string
  readonly count: number
}

/** The statistics of a pixel: rows of hours, each with its counts (platforms.md §8.1). */
export async function readStats(
  { app }: Meta,
  pixel: string,
  aggregation: 'event' | 'match_keys',
  { start, end }: Window,
): Promise<Stat[]> {
  const query = { aggregation, start_time: start / 1_000_000, end_time: end / 1_000_000 }
  const hours = new Map<string, Stat[]>()
  const origin = `statistics of pixel ${pixel}`
  // An hour that comes twice is one hour.
  for await (const { body } of app.pages<List>({ path: `${pixel}/stats`, query }, graphCursor()))
    for (const hour of hoursIn(body, origin)) hours.set(JSON.stringify(hour.start_time), statsIn(hour))
  return [...hours.values()].flat()
}

function hoursIn(body: List, origin: string): Json[] {
  const hours = rowsIn(body)
  if (hours === null) throw new PayloadError(`${origin}: the answer has no list 'data'`, { origin })
  return hours
}

function statsIn(hour: Json): Stat[] {
  const inner: unknown[] = Array.isArray(hour.data) ? hour.data : []
  return inner.filter(isObject).flatMap(row => statOf(row) ?? [])
}

function statOf(row: Json): Stat | null {
  const value = text(row, 'value')
  const n = count(row, 'count')
  return value === null || n === null ? null : { event: text(row, 'event'), value, count: n }
}

/** Hours summed, by event. Pure. */
export function statsFrom(events: readonly Stat[], keys: readonly Stat[]): Map<string, EventStats> {
  const found = new Map<string, { events: number; keys: Map<string, number> }>()
  const of = (event: string) => {
    const stats = found.get(event) ?? { events: 0, keys: new Map<string, number>() }
    found.set(event, stats)
    return stats
  }
  for (const { value, count: n } of events) of(value).events += n
  for (const { event, value, count: n } of keys) {
    if (event === null) continue
    const stats = of(event)
    stats.keys.set(value, (stats.keys.get(value) ?? 0) + n)
  }
  return found
}
