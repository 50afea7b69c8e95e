import type { Series } from './history.ts'
import { shape } from './shape.ts'

const LEAST_OTHERS = 5

/**
 * What moved everybody in a week: for each campaign, the mean of the other campaigns' residuals of that week, each about
 * its own mean; centred over the campaign's weeks; 0 where fewer than five others were there.
 * @param elasticity of each campaign, as known so far
 */
export function weekEffects(all: readonly Series[], elasticity: readonly number[]): number[][] {
  const residuals = all.map((series, i) => {
    const raw = series.v.map((v, t) => v - shape(elasticity[i]!, series.z[t]!))
    const mean = raw.reduce((a, b) => a + b, 0) / raw.length
    return raw.map(r => r - mean)
  })
  const sums = new Map<number, { sum: number; n: number }>()
  for (const [i, series] of all.entries())
    for (const [t, week] of series.week.entries()) {
      const { sum, n } = sums.get(week) ?? { sum: 0, n: 0 }
      sums.set(week, { sum: sum + residuals[i]![t]!, n: n + 1 })
    }
  return all.map((series, i) => {
    const raw = series.week.map((week, t) => {
      const { sum, n } = sums.get(week)!
      return n - 1 < LEAST_OTHERS ? 0 : (sum - residuals[i]![t]!) / (n - 1)
    })
    const mean = raw.reduce((a, b) => a + b, 0) / raw.length
    return raw.map(g => g - mean)
  })
}
