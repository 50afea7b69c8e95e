import type { Position } from '../http/paging/paging.ts'
import type { Cursor, Span, Timed } from './cursor.ts'
import { addDays, dayIn, earlier, later } from './days.ts'

/** Days in the account's zone, both included. */
export interface DaySlice {
  readonly from: string
  readonly to: string
  readonly zone: string
  /** The platform may still restate a day from this one on. */
  readonly restatedFrom: string
}

export interface DayState {
  readonly version: 1
  /** Read up to and with this day; null before the first run has ended. */
  readonly through: string | null
  /** Of a run that is under way: its last day, the slice it is at, and the page. */
  readonly run: { readonly until: string; readonly from: string; readonly next: Position | null } | null
}

export interface DayOptions<Context> {
  /** How many days back the platform still changes its figures: they are read again by every run. */
  readonly restated: number | ((context: Context) => number)
  /** Days of a request. */
  readonly slice: number
  /** Days that the first run reads, today included. */
  readonly history: number | ((context: Context) => number)
  /** The zone that the account's days are in ('UTC'). Asked once a run. */
  readonly zone?: (context: Context) => string | Promise<string>
}

/**
 * Reports by day: a run reads from the first day that may have been restated to today, in slices. A run that was cut
 * off goes on to the day it was meant to end at.
 */
export function byDay<Context extends Timed>(
  field: string,
  { restated, slice, history, zone = () => 'UTC' }: DayOptions<Context>,
): Cursor<DaySlice, DayState, Context> {
  return {
    field,
    async *spans(context, state) {
      const inZone = await zone(context)
      const today = dayIn(inZone, context.now())
      const days = typeof history === 'number' ? history : history(context)
      const again = typeof restated === 'number' ? restated : restated(context)
      const first = addDays(today, 1 - days)
      const through = state?.through ?? null
      const begin = through === null ? first : later(first, addDays(through, 1 - again))
      const run = state?.run ?? { until: today, from: earlier(begin, today), next: null }
      const restatedFrom = addDays(today, 1 - again)
      let next = run.next
      for (let from = run.from; from <= run.until; from = addDays(from, slice)) {
        const to = earlier(addDays(from, slice - 1), run.until)
        yield spanOf({ from, to, zone: inZone, restatedFrom }, next, through, run.until)
        next = null
      }
    },
  }
}

function spanOf(
  slice: DaySlice,
  from: Position | null,
  through: string | null,
  until: string,
): Span<DaySlice, DayState> {
  return {
    slice,
    from,
    at(next): DayState {
      if (next !== null) return { version: 1, through, run: { until, from: slice.from, next } }
      if (slice.to >= until) return { version: 1, through: until, run: null }
      return { version: 1, through, run: { until, from: addDays(slice.to, 1), next: null } }
    },
  }
}
