import type { Paths } from './paths.ts'
import { type AdditiveModel, weightsOf } from './weights.ts'

/** What a channel is credited with: conversions, and value in the unit of the paths. */
export interface Credit {
  readonly channel: string
  readonly conversions: number
  /** Null: not every path says what it was worth. */
  readonly value: number | null
}

/**
 * Credits of an additive model over paths: sums of shares, rounding apart. Of every channel, by name.
 * @throws RangeError: `time_decay`, and a path that converts has no days
 */
export function additiveCredits(paths: Paths, model: AdditiveModel, halfLifeDays?: number): Credit[] {
  const conversions = new Float64Array(paths.channels.length)
  const values = new Float64Array(paths.channels.length)
  for (const row of paths.rows) {
    if (row.conversions === 0) continue
    const weights = weightsOf(model, { keys: row.path, daysBefore: row.daysBefore, halfLifeDays })
    const all = weights.reduce((sum, weight) => sum + weight, 0)
    for (const [i, channel] of row.path.entries()) {
      conversions[channel]! += (row.conversions * weights[i]!) / all
      values[channel]! += (row.value * weights[i]!) / all
    }
  }
  const isValued = paths.totals.value !== null
  return paths.channels.map((channel, i) => ({
    channel,
    conversions: conversions[i]!,
    value: isValued ? values[i]! : null,
  }))
}
