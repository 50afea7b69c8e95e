import {
  COOL_DOWN,
  type Detector,
  gap,
  isGap,
  signOf,
  WARM_UP,
} from '../../pipelines/anomaly/model/detector.ts'

interface State {
  n: number
  window: number[]
  last: number
}

const WINDOW = 168
const middle = (sorted: readonly number[]) => sorted[sorted.length >> 1] ?? 0

/** |x − median| ÷ (1.4826·MAD) over a week of hours, as it is often done: what the others are compared with. */
export const medianMad = (threshold: number): Detector<State> => ({
  name: 'zscore',
  empty: () => ({ n: 0, window: [], last: -1 }),
  update(s, x) {
    if (isGap(x)) return gap()
    const sorted = [...s.window].sort((a, b) => a - b)
    const median = middle(sorted)
    const mad = 1.4826 * middle(sorted.map(v => Math.abs(v - median)).sort((a, b) => a - b))
    const e = x - median
    const z = s.n < WARM_UP ? null : mad > 0 ? Math.abs(e) / mad : e === 0 ? 0 : 20
    const alert = z !== null && z >= threshold && (s.last < 0 || s.n - s.last > COOL_DOWN)
    if (alert) s.last = s.n
    s.window[s.n % WINDOW] = x
    s.n++
    return { z, sign: signOf(e), expected: median, alert }
  },
})
