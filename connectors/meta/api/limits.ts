import { type Answer, budget, hours, type Part, seconds } from '../../../plugins/http/index.ts'
import type { Tier } from '../settings.ts'
import { usageOf } from './usage.ts'

/**
 * What an app may ask (platforms.md §1.4): points within 300 s (a read is 1, a write 3), and calls within an hour by
 * use case. What active ads add to the hour is not counted on; Meta's headers correct downwards.
 */
const LIMITS: Readonly<Record<Tier, Readonly<Record<'points' | 'ads_insights' | 'ads_management', number>>>> =
  {
    limited: { points: 60, ads_insights: 600, ads_management: 300 },
    full: { points: 9000, ads_insights: 190_000, ads_management: 100_000 },
  }
/** How long Meta refuses everything once the points are spent. */
const BLOCK_MS: Readonly<Record<Tier, number>> = { limited: seconds(300), full: seconds(60) }
const POINTS_MS = seconds(300)
const WRITE_POINTS = 3

export const blockMs = (tier: Tier): number => BLOCK_MS[tier]

/** Keeps the limits of one ad account; connections that read the same account share them. */
export function limitsOf(account: string, tier: Tier): Part[] {
  const limits = LIMITS[tier]
  const useCase = (type: 'ads_insights' | 'ads_management') =>
    budget({
      key: `meta/act_${account}/${type}`,
      limits: [{ calls: limits[type], perMs: hours(1) }],
      cost: () => 1,
      told(answer) {
        const pct = usageOf(answer, account).hourPct.get(type)
        return pct === undefined ? undefined : { left: [left(limits[type], pct, hours(1))] }
      },
    })
  const insights = useCase('ads_insights')
  const management = useCase('ads_management')
  return [
    budget({
      key: `meta/act_${account}/points`,
      limits: [{ calls: limits.points, perMs: POINTS_MS }],
      cost: ask => ask.cost ?? (ask.json === undefined && ask.form === undefined ? 1 : WRITE_POINTS),
      told: answer => pointsTold(answer, account, limits.points),
    }),
    {
      admit: (ask, context) =>
        (/(^|\/)insights$/.test(ask.path) ? insights : management).admit!(ask, context),
    },
  ]
}

function pointsTold(answer: Answer, account: string, points: number) {
  const { waitMs, pointsPct } = usageOf(answer, account)
  return { pauseMs: waitMs, left: pointsPct === null ? [] : [left(points, pointsPct, POINTS_MS)] }
}

/** Percents come with two decimals at most. */
const ROUNDED = 0.005

const left = (limit: number, usedPct: number, perMs: number) => ({
  perMs,
  calls: Math.max(0, Math.floor((limit * (100 - usedPct - ROUNDED)) / 100)),
})
