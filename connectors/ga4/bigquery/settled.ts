import { addDays } from '../../../plugins/sync/index.ts'

/**
 * Days whose daily tables are read and will not be looked at again, as spans `[first, last]` (YYYYMMDD, both included),
 * oldest first. Days follow each other without end: their spans do not grow where no day is missing.
 */
export type DaySpans = readonly (readonly [string, string])[]

export const isWithin = (spans: DaySpans, day: string): boolean =>
  spans.some(([first, last]) => first <= day && day <= last)

/** @param days YYYYMMDD, in any order */
export function spansOf(days: Iterable<string>): DaySpans {
  const spans: [string, string][] = []
  for (const day of [...new Set(days)].sort()) {
    const last = spans.at(-1)
    if (last && following(last[1]) === day) last[1] = day
    else spans.push([day, day])
  }
  return spans
}

const following = (day: string): string =>
  addDays(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`, 1).replaceAll('-', '')
