/** What one report says of one ad and day. */
export interface Measures {
  readonly impressions: number | null
  readonly clicks: number | null
  readonly spend_micros: number | null
  readonly revenue_micros: number | null
  readonly conversions_micros: number | null
  readonly reach: number | null
  readonly currency: string
  readonly settled: boolean
}

/** What is in force: the figures of the latest report, and how often they have changed. */
export interface Restated {
  as_of: number
  ingest_time: number
  event_id: string
  revision: number
  measures: Measures | null
}

export const nothingReported = (): Restated => ({
  as_of: 0,
  ingest_time: 0,
  event_id: '',
  revision: 0,
  measures: null,
})

const FIELDS = [
  'impressions',
  'clicks',
  'spend_micros',
  'revenue_micros',
  'conversions_micros',
  'reach',
  'currency',
  'settled',
] as const

/**
 * Takes a report in, in place; true when the figures in force changed. The latest `as_of` wins, whatever order
 * reports arrive in; of reports of the same instant (a file read again by a corrected mapping) the one read last, and
 * then their ids settle it. An older report changes nothing.
 */
export function restate(
  state: Restated,
  report: Measures & Readonly<Pick<Restated, 'as_of' | 'ingest_time' | 'event_id'>>,
): boolean {
  const { as_of, ingest_time, event_id } = report
  const later = as_of - state.as_of || ingest_time - state.ingest_time || (event_id > state.event_id ? 1 : -1)
  if (later < 0) return false
  const before = state.measures
  const changed = before === null || FIELDS.some(f => before[f] !== report[f])
  state.as_of = as_of
  state.ingest_time = ingest_time
  state.event_id = event_id
  if (!changed) return false
  state.revision++
  state.measures = Object.fromEntries(FIELDS.map(f => [f, report[f]])) as unknown as Measures
  return true
}

/** A sum in which one figure was restated; null where no figure of it is known. */
export function restated(
  sum: number | null,
  before: number | null | undefined,
  after: number | null,
): number | null {
  if (after === null && (before === null || before === undefined)) return sum
  return (sum ?? 0) + (after ?? 0) - (before ?? 0)
}
