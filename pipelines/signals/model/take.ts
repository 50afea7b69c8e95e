import { addDays, startOfDay } from '../../../engine/clock/days.ts'
import type { AdFigures, Arrivals } from '../handed.ts'
import { addPurchases, restateDay } from './days.ts'
import { entry } from './entry.ts'
import { type PlatformState, zoneOf } from './platform-state.ts'
import { newRow } from './reading.ts'
import { addWait, begin, forgetBefore } from './waits.ts'

/**
 * An ad's day changed, in place. The watermark of a report is the instant up to which it speaks: when the platform said
 * so, or the end of the day it is about. Only figures that are new move it: a sync that brought nothing new shows that
 * we asked, not that the platform knows. The one of conversions moves with conversions alone: a platform that goes on
 * reporting none may have lost its tracking.
 */
export function takeFigures(state: PlatformState, { date, as_of, before, after }: AdFigures): void {
  if (!restateDay(state.days, date, before, after)) return
  state.isActive = true
  state.isDirty = true
  const end = startOfDay(addDays(date, 1), zoneOf(state))
  if (before === null && end <= as_of) newRow(state.reading, date)
  const until = Math.min(as_of, end)
  if (until > state.spend && changed(before?.spend_micros, after.spend_micros)) state.spend = until
  if (until > state.conversions && changed(before?.conversions_micros, after.conversions_micros))
    state.conversions = until
}

/** Whether a figure says more than before: another one, or the first that is more than nothing. */
function changed(before: number | null | undefined, after: number | null): boolean {
  return after !== null && after !== (before ?? 0)
}

/** Conversions of the site that the platform brought, in place. */
export function takeArrivals(state: PlatformState, { last, waits, hours, days }: Arrivals): void {
  state.isDirty = true
  for (const [source, hour, conversions] of hours) {
    const counts: Record<number, number> = entry(state.series.hours, source, () => ({}))
    counts[hour] = (counts[hour] ?? 0) + conversions
  }
  for (const [date, currency, purchases, micros] of days)
    addPurchases(state.days, date, currency, purchases, micros)
  for (const [hour, minutes] of waits) addWait(state.waits, hour, minutes)
  begin(state.waits, last)
  if (last > state.last) state.last = last
  forgetBefore(state.waits, state.last)
}
