/** Memories that are tried; 0 is a level that stays where its mean is. */
const ALPHAS = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4] as const
const START_DAYS = 14
/** Twice the logarithm of a likelihood ratio that a memory may be behind the best one: what is as plausible is allowed. */
const PLAUSIBLE = 1

/**
 * How much a level may wander: the greatest weight of the newest day that one-day errors do not speak against,
 * `n ln(Σe² / least Σe²) ≤ 1`. The recipe's own memories begin at .05, which for a level that stays is a wandering that
 * never was; the weight that fits best is as often too small as too great.
 * @param d days without their weekdays
 */
export function wanderOf(d: readonly number[]): number {
  const squares = ALPHAS.map(alpha => {
    let level = d.slice(0, START_DAYS).reduce((a, b) => a + b, 0) / START_DAYS
    let sum = 0
    for (let i = START_DAYS; i < d.length; i++) {
      const e = d[i]! - level
      sum += e * e
      level += Math.max(alpha, 1 / (i + 1)) * e
    }
    return sum
  })
  const most = Math.min(...squares) * Math.exp(PLAUSIBLE / Math.max(1, d.length - START_DAYS))
  return ALPHAS[squares.findLastIndex(sum => sum <= most)] ?? 0
}
