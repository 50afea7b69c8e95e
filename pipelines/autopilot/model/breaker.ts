/** Whether writing to a platform is worth trying. Plain JSON; times are UTC microseconds. */
export interface Breaker {
  /** Tries in a row that ended without the platform answering as it should. */
  failures: number
  /** Open until then; 0: it is closed. */
  until: number
  /** How long it was open last. */
  open_us: number
}

export const closedBreaker = (): Breaker => ({ failures: 0, until: 0, open_us: 0 })

/** Failures in a row that open it, and how long: doubling from 30 s to 10 min (product.md §4.10). */
const FAILURES = 5
const FIRST_US = 30_000_000
const LONGEST_US = 600_000_000

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN'

export function breakerState(breaker: Readonly<Breaker> | undefined, now: number): BreakerState {
  if (breaker === undefined || breaker.failures < FAILURES) return 'CLOSED'
  return now < breaker.until ? 'OPEN' : 'HALF_OPEN'
}

/** A try ended, in place. Half open, one failure opens it again for longer, and one success closes it. */
export function tried(breaker: Breaker, isAnswered: boolean, now: number): void {
  if (isAnswered) {
    breaker.failures = 0
    breaker.until = 0
    breaker.open_us = 0
    return
  }
  breaker.failures++
  if (breaker.failures < FAILURES) return
  breaker.open_us = Math.min(LONGEST_US, breaker.open_us === 0 ? FIRST_US : breaker.open_us * 2)
  breaker.until = now + breaker.open_us
}
