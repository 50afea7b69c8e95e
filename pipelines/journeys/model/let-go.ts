import type { MadeJourney } from './journeys.ts'
import type { Touched } from './touches.ts'

/** Touches kept of a person. */
export const MOST_TOUCHES = 500

export interface Left<T extends Touched> {
  readonly touches: T[]
  /** Journeys let go whole, the oldest: they stay as they were written, whatever comes for them later. */
  readonly settled: number
  /** The last touch that was let go; null: none was. */
  readonly since: T | null
}

/**
 * What is kept of a person's touches: of more than MOST_TOUCHES the oldest journeys are let go. Of a single journey that is
 * longer than that its oldest half.
 * @param journeys of these touches, in order
 */
export function letGo<T extends Touched>(touches: T[], journeys: readonly MadeJourney[]): Left<T> {
  let gone = 0
  let settled = 0
  while (touches.length - gone > MOST_TOUCHES && settled < journeys.length - 1)
    gone += journeys[settled++]!.sessions
  if (touches.length - gone > MOST_TOUCHES) gone = touches.length - MOST_TOUCHES / 2
  return gone === 0
    ? { touches, settled, since: null }
    : { touches: touches.slice(gone), settled, since: touches[gone - 1]! }
}
