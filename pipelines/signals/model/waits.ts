/** How long one usually waits for the next conversion, by hour of the week (product.md §4.1, D5). */
export interface Waits {
  /** Longest wait that ended in an hour, minutes, by the number of the hour since 1970, of the last 28 days. */
  byHour: Record<number, number>
  /** Since when waits are known, to the hour; UTC microseconds. 0: there was no conversion yet. */
  since: number
}

const HOUR_US = 3_600_000_000
const MINUTE_US = 60_000_000
const WEEK_HOURS = 168
const KEPT_HOURS = 4 * WEEK_HOURS

export const noWaits = (): Waits => ({ byHour: {}, since: 0 })

/** A wait that ended in an hour, in place. One of before all others began a history that came at once, or later. */
export function addWait(waits: Waits, hour: number, minutes: number): void {
  waits.byHour[hour] = Math.max(waits.byHour[hour] ?? 0, minutes)
  begin(waits, (hour + 1) * HOUR_US)
}

/** There was a conversion at a time, or before; in place. */
export function begin(waits: Waits, at: number): void {
  if (waits.since === 0 || at < waits.since) waits.since = at
}

/** Forgets what is older than 28 days, in place. */
export function forgetBefore(waits: Waits, now: number): void {
  const oldest = Math.floor(now / HOUR_US) - KEPT_HOURS
  for (const hour of Object.keys(waits.byHour)) if (Number(hour) < oldest) delete waits.byHour[Number(hour)]
}

/**
 * The wait that 99 of 100 were shorter than, in microseconds, of those that ended in this hour of the week; where
 * none did, of all. Kept is the longest of each hour: of under a hundred waits an hour the 99th percentile is the
 * longest, and of more it is shorter, so that this says `late` later, never sooner.
 */
export function longWait(waits: Readonly<Waits>, now: number): number | null {
  const hour = Math.floor(now / HOUR_US)
  let minutes = 0
  for (let back = 0; back <= KEPT_HOURS; back += WEEK_HOURS)
    minutes = Math.max(minutes, waits.byHour[hour - back] ?? 0)
  if (minutes === 0) for (const key in waits.byHour) minutes = Math.max(minutes, waits.byHour[key]!)
  return minutes === 0 ? null : minutes * MINUTE_US
}
