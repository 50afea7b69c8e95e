/**
 * Which days are still being read. A first reading brings a quarter's history in pieces, campaign by campaign or day by
 * day: until it has passed a day, the day's sums are not whole. Days are YYYY-MM-DD, times UTC microseconds of ticks.
 */
export interface Reading {
  /** The earliest day that new rows came for since the last tick; '': none came. */
  fresh: string
  /** The earliest of those in the last ten minutes; '': it is quiet. */
  from: string
  /** When they last came. */
  at: number
}

/** After so long without new rows a reading is over. */
const QUIET_US = 10 * 60_000_000

export const noReading = (): Reading => ({ fresh: '', from: '', at: 0 })

/** A new row of a day that is over, in place. Restatements are none, and today is never whole. */
export function newRow(reading: Reading, date: string): void {
  if (reading.fresh === '' || date < reading.fresh) reading.fresh = date
}

/** At a tick, in place. */
export function atTick(reading: Reading, now: number): void {
  if (now - reading.at >= QUIET_US) reading.from = ''
  if (reading.fresh === '') return
  if (reading.from === '' || reading.fresh < reading.from) reading.from = reading.fresh
  reading.fresh = ''
  reading.at = now
}

/** Whether a day's rows are all there, as far as one can see. */
export const isRead = ({ fresh, from }: Readonly<Reading>, date: string): boolean =>
  (from === '' || date < from) && (fresh === '' || date < fresh)
