import { createHash } from 'node:crypto'
import { marginalSd } from './curve.ts'
import type { Curve } from './fit.ts'

/** A change of spend that is made to learn from. */
export interface Learning {
  readonly campaign: string
  /** Of the present spend, for two weeks. */
  readonly factor: number
}

const STEP = 0.15
const SHARE = 0.25

/**
 * Which budgets to move so that curves can be told: the quarter of the campaigns with the largest x·sd(f′), half of them
 * up, half down, drawn by a hash of the seed. Drawn by chance, they follow no results.
 */
export function learningPlan(
  curves: readonly Curve[],
  spends: readonly { readonly history: { readonly campaign: string }; readonly present: number }[],
  seed: string,
): Learning[] {
  const present = new Map(spends.map(one => [one.history.campaign, one.present]))
  const count = Math.max(1, Math.round(SHARE * curves.length))
  const chosen = curves
    .map(curve => {
      const x = present.get(curve.series.campaign)!
      return { campaign: curve.series.campaign, worth: x * marginalSd(curve, x) }
    })
    .sort((a, b) => b.worth - a.worth || (a.campaign < b.campaign ? -1 : 1))
    .slice(0, count)
  const drawn = chosen
    .map(({ campaign }) => ({ campaign, draw: drawOf(seed, campaign) }))
    .sort((a, b) => (a.draw < b.draw ? -1 : 1))
  return drawn.map(({ campaign }, i) => ({ campaign, factor: i % 2 === 0 ? 1 + STEP : 1 - STEP }))
}

const drawOf = (seed: string, campaign: string): string =>
  createHash('sha256').update(`${seed}\0${campaign}`).digest('hex')
