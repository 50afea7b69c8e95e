import type { CampaignHistory } from '../../../pipelines/allocation/model/history.ts'

const SPENDS = [700, 770, 700, 630, 560, 700, 840, 980, 840, 700, 560, 630]
const ERRORS = [0, 2, -1, 1, 0, -2, 1, 0, 2, -1, 0, 1]

export function history(
  campaign: string,
  spends: readonly number[],
  results: readonly (number | null)[],
  change: Partial<CampaignHistory> = {},
): CampaignHistory {
  return {
    campaign,
    platform: 'meta',
    followsResults: false,
    incrementality: null,
    weeks: spends.map((spend, week) => ({ week, spend, result: results[week]!, conversions: 10 })),
    ...change,
  }
}

const cents = (x: number) => Math.round(x * 100) / 100
const along = (campaign: string, of: (x: number) => number) =>
  history(
    campaign,
    SPENDS,
    SPENDS.map((x, t) => cents(of(x) * (1 + 0.02 * ERRORS[t]!))),
  )

/** The campaigns of allocation.md §6. */
export const a = along('a', x => (4 * x) / (1 + x / 700))
export const b = along('b', x => (2.4 * x) / (1 + x / 2800))
export const c = history(
  'c',
  SPENDS.map(() => 700),
  ERRORS.map(e => 1400 + 40 * e),
)
export const d = along('d', x => (6 * x) / (1 + x / 1400))

export const seven = Array.from({ length: 7 }, (_, k) => {
  const spends = Array.from({ length: 12 }, (_, t) => 500 + 50 * k + 60 * ((t * (k + 2)) % 5))
  const results = spends.map(
    (x, t) => (((2 + 0.3 * k) * x) / (1 + x / (800 + 200 * k))) * (1 + 0.1 * ((3 * t) % 4)),
  )
  return history(`k${k}`, spends, results, { platform: k < 4 ? 'meta' : 'google' })
})
