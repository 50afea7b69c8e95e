/** Times are UTC microseconds everywhere. */
export const MINUTE_US = 60_000_000
export const HOUR_US = 3_600_000_000
export const DAY_US = 86_400_000_000

/**
 * A score of 0 to 100, what it was made of, and where there is none, why: so that a score can be unfolded to the counts
 * it came from, and never is a number that stands for "unknown".
 */
export interface Measured<I, R extends string = string> {
  readonly value: number | null
  /** Set where the value is null. */
  readonly reason: R | null
  readonly inputs: I
}

export const measured = <I>(value: number, inputs: I): Measured<I, never> => ({ value, reason: null, inputs })

export const unknown = <I, R extends string>(reason: R, inputs: I): Measured<I, R> => ({
  value: null,
  reason,
  inputs,
})
