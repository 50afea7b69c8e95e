import { COOL_DOWN, type Detector, gap, HIGHEST, isGap, signOf, WARM_UP } from './detector.ts'

export interface ZScoreState {
  n: number
  /** The last values, oldest overwritten. */
  window: number[]
  last: number
}

/** A week of hours. */
const WINDOW = 168
const ALERT_AT = 3

/** Plain z over the trailing 168 values: what everybody has, to compare with. Source: statistics.md §1, `zscore`. */
export const zscoreDetector: Detector<ZScoreState> = {
  name: 'zscore',
  empty: () => ({ n: 0, window: [], last: -1 }),
  update(s, x) {
    if (isGap(x)) return gap()
    const { window } = s
    // Summed anew: running sums would drift, and lose a small spread about a large mean.
    let sum = 0
    for (const v of window) sum += v
    const mean = window.length > 0 ? sum / window.length : 0
    let squares = 0
    for (const v of window) squares += (v - mean) ** 2
    const sd = Math.sqrt(squares / Math.max(1, window.length - 1))
    const e = x - mean
    const z = s.n < WARM_UP ? null : sd > 0 ? Math.min(HIGHEST, Math.abs(e) / sd) : e === 0 ? 0 : HIGHEST
    const alert = z !== null && z >= ALERT_AT && (s.last < 0 || s.n - s.last > COOL_DOWN)
    if (alert) s.last = s.n
    window[s.n % WINDOW] = x
    s.n++
    return { z, sign: signOf(e), expected: window.length > 1 ? mean : null, alert }
  },
}
