import {
  ALERT_FROM,
  COOL_DOWN,
  type Detector,
  gap,
  HIGHEST,
  isGap,
  signOf,
  type Verdict,
  WARM_UP,
} from './detector.ts'

/** One way of looking at the series: the record high and low of its view, where its centre is and how it scatters. */
interface View {
  hi: number
  lo: number
  /** Of the block before. */
  hi2: number
  lo2: number
  centre: number
  variance: number
}

export interface RecordState {
  n: number
  /** Running scale of |x|, means of x and of its logarithm, usual size of the residual. */
  scale: number
  mean: number
  meanLog: number
  size: number
  fast: number
  slow: number
  /** By bin: seasonal level in log units, usual residual, values. */
  level: number[]
  usual: number[]
  seen: number[]
  views: View[]
  /** Number of the value that alerted last; −1: none. */
  last: number
}

/** Records are forgotten after one to two blocks. */
const BLOCK = 4096
/** A new record has to be beaten by this share of the range. */
const MARGIN = 0.03
const TINY = 1e-12

/**
 * The record detector: a value is anomalous when one of three views of the series (raw deviation, deviation normalised
 * by hour, slow drift) breaks that view's own record of the last 4,096 to 8,191 intervals by more than 3 % of its
 * range. z of 3.5 is a record plus 3 %, 6 one beaten by about 20 %; it is no probability. Scale free. Source:
 * statistics.md §1.
 * @param quiet a third fewer false alerts on marketing series at equal recall
 */
export function recordDetector({ quiet = false } = {}): Detector<RecordState> {
  const spread = quiet ? 2.5 : 1.5
  return {
    name: 'record',
    empty: bins => ({
      ...{ n: 0, scale: 0, mean: 0, meanLog: 0, size: 0, fast: 0, slow: 0, last: -1 },
      level: zeros(bins),
      usual: zeros(bins),
      seen: zeros(bins),
      views: [0, 1, 2].map(() => ({ hi: 0, lo: 0, hi2: 0, lo2: 0, centre: 0, variance: 0 })),
    }),
    update: (state, value, bin) => (isGap(value) ? gap() : update(state, value, bin, spread)),
  }
}

const zeros = (n: number): number[] => new Array(n).fill(0) as number[]

function update(s: RecordState, x: number, bin: number, spread: number): Verdict {
  const { n } = s
  const w = 1 / (n + 1)
  const a = Math.max(0.005, w)
  s.scale += Math.max(0.0005, w) * (Math.abs(x) - s.scale)
  const log = s.scale > TINY ? Math.sign(x) * Math.log(1 + Math.abs(x) / s.scale) : 0
  if (n === 0) {
    s.mean = x
    s.meanLog = log
  }
  const seasonal = s.seen[bin]! > 0 ? s.level[bin]! : s.meanLog
  const residual = log - seasonal
  const usual = s.usual[bin]! + 0.25 * s.size
  const u = usual > TINY ? residual / usual : 0
  s.fast += 0.2 * (u - s.fast)
  s.slow += 0.05 * (residual - s.slow)
  const expected = s.scale > TINY ? Math.sign(seasonal) * s.scale * Math.expm1(Math.abs(seasonal)) : 0
  const raw = x - s.mean
  const slow = Math.abs(s.slow)
  s.mean += a * (x - s.mean)
  s.meanLog += a * (log - s.meanLog)
  s.size += a * (Math.abs(residual) - s.size)
  s.seen[bin]!++
  const b = Math.max(0.02, 1 / s.seen[bin]!)
  s.level[bin]! += b * (log - s.level[bin]!)
  s.usual[bin]! += b * (Math.abs(residual) - s.usual[bin]!)
  let z = 0
  let sign: -1 | 0 | 1 = 0
  for (let j = 0; j < 3; j++) {
    const q = j === 0 ? raw : j === 1 ? s.fast : slow
    const view = s.views[j]!
    const e = look(view, q, n, w, a, spread)
    if (look.z > z) {
      z = look.z
      sign = signOf(j === 2 ? s.slow : e)
    }
  }
  s.n++
  if (s.n <= WARM_UP) return { z: null, sign: 0, expected, alert: false }
  z = Math.min(z, HIGHEST)
  const alert = z >= ALERT_FROM && (s.last < 0 || n - s.last > COOL_DOWN)
  if (alert) s.last = n
  return { z, sign, expected, alert }
}

/** Takes a value into a view; gives its deviation from the centre, and its score in `look.z`. */
function look(view: View, q: number, n: number, w: number, a: number, spread: number): number {
  if (n === 0) {
    view.hi = q
    view.lo = q
    view.hi2 = q
    view.lo2 = q
  }
  const high = Math.max(view.hi, view.hi2)
  const low = Math.min(view.lo, view.lo2)
  const e = q - view.centre
  look.z = 0
  if (n >= 3) {
    const record = (e >= 0 ? high - view.centre : view.centre - low) + MARGIN * (high - low)
    const distance = Math.max(record, spread * Math.sqrt(view.variance))
    look.z = distance > TINY ? 3.5 * (Math.abs(e) / distance) ** 3 : Math.abs(e) <= TINY ? 0 : HIGHEST
  }
  view.centre += Math.max(0.001, w) * e
  view.variance += a * (e * e - view.variance)
  view.hi = Math.max(view.hi, q)
  view.lo = Math.min(view.lo, q)
  if (n > 0 && n % BLOCK === 0) {
    view.hi2 = view.hi
    view.lo2 = view.lo
    view.hi = q
    view.lo = q
  }
  return e
}
/** Of the last look: a second result without an object for each. */
look.z = 0
