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

/**
 * 26 numbers and three for each bin: 98 (784 bytes) for hours of the day. One flat list, for objects in objects lie all
 * over the heap, and with 1,000 series in turns that costs four times the arithmetic.
 */
export type RecordState = number[]

/** Values so far, and the number of the one that alerted last (−1: none). */
const N = 0
const LAST = 1
/** Running scale of |x|, means of x and of its logarithm, usual size of the residual. */
const SCALE = 2
const MEAN = 3
const MEAN_LOG = 4
const SIZE = 5
/** Fast mean of the normalised residual, slow one of the residual. */
const FAST = 6
const SLOW = 7
/** Three views of six numbers: record high and low, those of the block before, centre, variance. */
const VIEWS = 8
const HI = 0
const LO = 1
const HI2 = 2
const LO2 = 3
const CENTRE = 4
const VARIANCE = 5
const VIEW = 6
/** Then by bin: seasonal level in log units, usual residual, values. */
const BINS = VIEWS + 3 * VIEW
const LEVEL = 0
const USUAL = 1
const SEEN = 2
const BIN = 3

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
    empty: bins => {
      const state = new Array<number>(BINS + BIN * bins).fill(0)
      state[LAST] = -1
      return state
    },
    update: (state, value, bin) => (isGap(value) ? gap() : update(state, value, bin, spread)),
  }
}

function update(s: RecordState, x: number, bin: number, spread: number): Verdict {
  const n = s[N]!
  const w = 1 / (n + 1)
  const a = Math.max(0.005, w)
  const scale = s[SCALE]! + Math.max(0.0005, w) * (Math.abs(x) - s[SCALE]!)
  s[SCALE] = scale
  const log = scale > TINY ? Math.sign(x) * Math.log(1 + Math.abs(x) / scale) : 0
  if (n === 0) {
    s[MEAN] = x
    s[MEAN_LOG] = log
  }
  const at = BINS + BIN * bin
  const seasonal = s[at + SEEN]! > 0 ? s[at + LEVEL]! : s[MEAN_LOG]!
  const residual = log - seasonal
  const usual = s[at + USUAL]! + 0.25 * s[SIZE]!
  const u = usual > TINY ? residual / usual : 0
  s[FAST]! += 0.2 * (u - s[FAST]!)
  s[SLOW]! += 0.05 * (residual - s[SLOW]!)
  const slow = s[SLOW]!
  const expected = scale > TINY ? Math.sign(seasonal) * scale * Math.expm1(Math.abs(seasonal)) : 0
  const raw = x - s[MEAN]!
  s[MEAN]! += a * (x - s[MEAN]!)
  s[MEAN_LOG]! += a * (log - s[MEAN_LOG]!)
  s[SIZE]! += a * (Math.abs(residual) - s[SIZE]!)
  s[at + SEEN]!++
  const b = Math.max(0.02, 1 / s[at + SEEN]!)
  s[at + LEVEL]! += b * (log - s[at + LEVEL]!)
  s[at + USUAL]! += b * (Math.abs(residual) - s[at + USUAL]!)
  let z = 0
  let sign: -1 | 0 | 1 = 0
  for (let j = 0; j < 3; j++) {
    const view = VIEWS + VIEW * j
    const q = j === 0 ? raw : j === 1 ? s[FAST]! : Math.abs(slow)
    const e = q - s[view + CENTRE]!
    const of = look(s, view, q, n, w, a, spread)
    if (of > z) {
      z = of
      sign = signOf(j === 2 ? slow : e)
    }
  }
  s[N] = n + 1
  if (n < WARM_UP) return { z: null, sign: 0, expected, alert: false }
  z = Math.min(z, HIGHEST)
  const alert = z >= ALERT_FROM && (s[LAST]! < 0 || n - s[LAST]! > COOL_DOWN)
  if (alert) s[LAST] = n
  return { z, sign, expected, alert }
}

/** Takes a value into a view and gives its score, by the records before it. */
function look(
  s: RecordState,
  at: number,
  q: number,
  n: number,
  w: number,
  a: number,
  spread: number,
): number {
  if (n === 0) {
    s[at + HI] = q
    s[at + LO] = q
    s[at + HI2] = q
    s[at + LO2] = q
  }
  const high = Math.max(s[at + HI]!, s[at + HI2]!)
  const low = Math.min(s[at + LO]!, s[at + LO2]!)
  const centre = s[at + CENTRE]!
  const e = q - centre
  let z = 0
  if (n >= 3) {
    const record = (e >= 0 ? high - centre : centre - low) + MARGIN * (high - low)
    const distance = Math.max(record, spread * Math.sqrt(s[at + VARIANCE]!))
    z = distance > TINY ? 3.5 * (Math.abs(e) / distance) ** 3 : Math.abs(e) <= TINY ? 0 : HIGHEST
  }
  s[at + CENTRE] = centre + Math.max(0.001, w) * e
  s[at + VARIANCE]! += a * (e * e - s[at + VARIANCE]!)
  if (n > 0 && n % BLOCK === 0) {
    s[at + HI2] = Math.max(s[at + HI]!, q)
    s[at + LO2] = Math.min(s[at + LO]!, q)
    s[at + HI] = q
    s[at + LO] = q
  } else {
    s[at + HI] = Math.max(s[at + HI]!, q)
    s[at + LO] = Math.min(s[at + LO]!, q)
  }
  return z
}
