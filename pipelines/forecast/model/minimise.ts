/** Smoothing constants are looked for between these, as R's `ets` does. */
const LOW = 1e-4
const HIGH = 1 - 1e-4
const PRECISION = 1e-8

/**
 * Where a function of constants in (0, 1) is least: the best of an even grid, then steps along each axis that are halved
 * where none helps. No derivative, the same on every machine.
 */
export function minimise(f: (at: readonly number[]) => number, dimensions: 1 | 2): number[] {
  const n = dimensions === 1 ? 60 : 16
  const grid = Array.from({ length: n + 1 }, (_, i) => LOW + ((HIGH - LOW) * i) / n)
  const starts = dimensions === 1 ? grid.map(a => [a]) : grid.flatMap(a => grid.map(b => [a, b]))
  let best = starts[0]!
  let least = f(best)
  for (const at of starts) {
    const value = f(at)
    if (value < least) [best, least] = [at, value]
  }
  for (let step = 1 / n; step > PRECISION; ) {
    const better = neighbours(best, step)
      .map(at => ({ at, value: f(at) }))
      .find(({ value }) => value < least)
    if (better) [best, least] = [better.at, better.value]
    else step /= 2
  }
  return best
}

const neighbours = (at: readonly number[], step: number): number[][] =>
  at.flatMap((_, axis) =>
    [-step, step].map(by => at.map((x, i) => (i === axis ? Math.min(HIGH, Math.max(LOW, x + by)) : x))),
  )
