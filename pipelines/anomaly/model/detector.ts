/** What a detector says of a value. */
export interface Verdict {
  /** Deviation in z units, 0 to 20; null: the value is a gap, or the detector warms up. */
  z: number | null
  /** Above (1) or below (-1) what was expected; 0: neither. */
  sign: -1 | 0 | 1
  /** In the units of the series; null: not known yet. */
  expected: number | null
  alert: boolean
}

/**
 * A detector of anomalies in a series of equal intervals. The state is plain numbers and lists of them, so that it can
 * be kept; `update` changes it in place and takes constant time. A value that is null or not finite is a gap, which is
 * not a zero: the state stays as it is.
 */
export interface Detector<S = unknown> {
  readonly name: DetectorName
  /** @param bins 24 for series of hours and shorter, by hour of the day; 7 for days, by day of the week */
  empty(bins: number): S
  /** @param bin 0 … bins − 1, in the account's zone */
  update(state: S, value: number | null, bin: number): Verdict
}

export const DETECTORS = ['record', 'seasonal', 'zscore'] as const
export type DetectorName = (typeof DETECTORS)[number]

/** Accepted values before the first score. */
export const WARM_UP = 48
/** Accepted values between two alerts. */
export const COOL_DOWN = 24
/** A score from which it alerts. */
export const ALERT_FROM = 3.5
export const HIGHEST = 20

export const gap = (): Verdict => ({ z: null, sign: 0, expected: null, alert: false })

export const isGap = (value: number | null | undefined): value is null | undefined =>
  value === null || value === undefined || !Number.isFinite(value)

export const signOf = (n: number): -1 | 0 | 1 => (n > 0 ? 1 : n < 0 ? -1 : 0)
