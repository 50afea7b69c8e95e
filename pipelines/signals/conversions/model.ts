import { entry } from '../model/entry.ts'

/** What came by one platform and is not handed on yet, and when the latest was. */
export interface Arriving {
  /** UTC microseconds; 0: none yet. */
  last: number
  waits: Record<number, number>
  hours: Record<string, Record<number, number>>
  days: Record<string, [purchases: number, micros: number]>
}

export const nothingArrived = (): Arriving => ({ last: 0, waits: {}, hours: {}, days: {} })

const HOUR_US = 3_600_000_000
const MINUTE_US = 60_000_000
/** A wait of more than four weeks says no more than one of four. */
const LONGEST_MINUTES = 28 * 24 * 60

export interface Conversion {
  readonly at: number
  /** Null: of a source that is asked now and then, whose hours are told late and would look empty. */
  readonly source: string | null
}

/** In place. A conversion that comes after a later one closes no wait. */
export function arrive(state: Arriving, { at, source }: Conversion): void {
  const hour = Math.floor(at / HOUR_US)
  if (source !== null) {
    const hours: Record<number, number> = entry(state.hours, source, () => ({}))
    hours[hour] = (hours[hour] ?? 0) + 1
  }
  if (at <= state.last) return
  if (state.last > 0) {
    const minutes = Math.min(LONGEST_MINUTES, Math.ceil((at - state.last) / MINUTE_US))
    state.waits[hour] = Math.max(state.waits[hour] ?? 0, minutes)
  }
  state.last = at
}

/** A purchase of the analytics source, by its day; without an amount it counts and is worth nothing known. */
export function purchase(
  state: Arriving,
  date: string,
  currency: string | null,
  micros: number | null,
): void {
  const key = `${date} ${micros === null ? '' : (currency ?? '')}`
  const day = entry(state.days, key, () => [0, 0] as [number, number])
  day[0]++
  day[1] += micros ?? 0
}
