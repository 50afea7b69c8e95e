/** |r_m| above this many standard errors is a season (90 %, as in the M4 competition). */
const CRITICAL = 1.645

/**
 * Classical multiplicative indices of a season of m values, as the M4 competition adjusted its benchmarks, when the
 * series has one: at least 3m values and `|r_m| > 1.645 √((1 + 2 Σ_{k<m} r_k²)/n)`. Indices have the mean 1; the first
 * is of the first value.
 * @returns null: it has no season that can be told
 * @throws RangeError: an index that is not positive (a multiplicative season is of positive values)
 */
export function seasonOf(y: readonly number[], m: number): number[] | null {
  if (m < 2 || y.length < 3 * m || !isSeasonal(y, m)) return null
  const trend = centredMean(y, m)
  const sums = new Array<number>(m).fill(0)
  const counts = new Array<number>(m).fill(0)
  for (const [i, level] of trend.entries()) {
    if (level === null) continue
    if (level <= 0) throw new RangeError('its moving average is not positive')
    sums[i % m]! += y[i]! / level
    counts[i % m]!++
  }
  const means = sums.map((sum, k) => sum / counts[k]!)
  const mean = means.reduce((a, b) => a + b, 0) / m
  const indices = means.map(x => x / mean)
  if (indices.some(x => !(x > 0))) throw new RangeError('a value of the season is not positive on the mean')
  return indices
}

function isSeasonal(y: readonly number[], m: number): boolean {
  const n = y.length
  const mean = y.reduce((a, b) => a + b, 0) / n
  const variance = y.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  if (!(variance > 0)) return false
  const r = (k: number) => {
    let sum = 0
    for (let i = k; i < n; i++) sum += (y[i]! - mean) * (y[i - k]! - mean)
    return sum / variance
  }
  let squares = 0
  for (let k = 1; k < m; k++) squares += r(k) ** 2
  return Math.abs(r(m)) > CRITICAL * Math.sqrt((1 + 2 * squares) / n)
}

/** The moving average over a season; of an even one, with half weights at its ends. Null where it does not reach. */
function centredMean(y: readonly number[], m: number): (number | null)[] {
  const half = Math.floor(m / 2)
  return y.map((_, i) => {
    if (i < half || i + half >= y.length) return null
    let sum = 0
    for (let j = i - half; j <= i + half; j++) {
      const isEnd = m % 2 === 0 && (j === i - half || j === i + half)
      sum += y[j]! * (isEnd ? 0.5 : 1)
    }
    return sum / m
  })
}
