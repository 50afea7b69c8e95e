import type { Position } from '../http/paging/paging.ts'
import type { Cursor, Span, Timed } from './cursor.ts'

/** From (not included; null: from the beginning) to (included). UTC microseconds. */
export interface TimeSlice {
  readonly from: number | null
  readonly to: number
}

export interface TimeState {
  readonly version: 1
  /** What had changed up to then is read; null before the first run has ended. UTC microseconds. */
  readonly since: number | null
  readonly run: {
    readonly from: number | null
    readonly until: number
    readonly next: Position | null
  } | null
}

export interface TimeOptions {
  /** Read again by every run, because clocks differ and an index lags. Milliseconds. */
  readonly lookBack: number
  /** What changed within so long of now is left to the next run. Milliseconds (0). */
  readonly lag?: number
}

const MICROS = 1000

/** Objects by the time they last changed: a run reads what changed since the last one, and a little before. */
export function byTime<Context extends Timed>(
  field: string,
  { lookBack, lag = 0 }: TimeOptions,
): Cursor<TimeSlice, TimeState, Context> {
  return {
    field,
    async *spans(context, state) {
      const since = state?.since ?? null
      const run = state?.run ?? {
        from: since === null ? null : since - lookBack * MICROS,
        until: context.now() - lag * MICROS,
        next: null,
      }
      const slice = { from: run.from, to: run.until }
      const span: Span<TimeSlice, TimeState> = {
        slice,
        from: run.next,
        at: next =>
          next === null
            ? { version: 1, since: run.until, run: null }
            : { version: 1, since, run: { from: run.from, until: run.until, next } },
      }
      yield span
    },
  }
}
