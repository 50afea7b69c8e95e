/** Memories that are tried; 0 is a level that stays where its mean is. */
const ALPHAS = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4] as const
const START_DAYS = 14

/**
 * How much a level wanders: the weight of the newest day that makes the squares of one-day errors least. The recipe's own
 * memories begin at .05, which for a level that stays is a wandering that never was.
 * @param d days without their weekdays
 */
export function wanderOf(d: readonly number[]): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const alpha of ALPHAS) {
    let level = d.slice(0, START_DAYS).reduce((a, b) => a + b, 0) / START_DAYS
    let squares = 0
    for (let i = START_DAYS; i < d.length; i++) {
      const e = d[i]! - level
      squares += e * e
      level += Math.max(alpha, 1 / (i + 1)) * e
    }
    if (squares < least) [best, least] = [alpha, squares]
  }
  return best
}
