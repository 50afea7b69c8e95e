import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import { Refused } from './refused.ts'

/** What platforms.md §1.4 says of a tier. */
export interface MetaLimits {
  readonly tier: 'development_access' | 'standard_access'
  readonly points: number
  readonly pointsMs: number
  /** Everything is refused for so long once the points are spent. Milliseconds. */
  readonly blockMs: number
  /** Calls an hour, by use case. */
  readonly ads_insights: number
  readonly ads_management: number
}

export const FULL: MetaLimits = {
  tier: 'standard_access',
  points: 9000,
  pointsMs: 300_000,
  blockMs: 60_000,
  ads_insights: 190_000,
  ads_management: 100_000,
}

/** What active ads add to the hour is not counted on. */
export const LIMITED: MetaLimits = {
  tier: 'development_access',
  points: 60,
  pointsMs: 300_000,
  blockMs: 300_000,
  ads_insights: 600,
  ads_management: 300,
}

const HOUR_MS = 3_600_000

/** Counts calls of ad accounts as Meta does, and says in headers how much is used. */
export class Usage {
  readonly #limits: MetaLimits
  readonly #now: () => number
  /** By account. */
  readonly points: PlatformLimits
  readonly #hours: { readonly ads_insights: PlatformLimits; readonly ads_management: PlatformLimits }
  readonly #blocked = new Map<string, number>()

  /** @param now monotonic milliseconds */
  constructor(limits: MetaLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
    this.points = new PlatformLimits([{ calls: limits.points, perMs: limits.pointsMs }], now)
    const hourly = (calls: number) => new PlatformLimits([{ calls, perMs: HOUR_MS }], now)
    this.#hours = {
      ads_insights: hourly(limits.ads_insights),
      ads_management: hourly(limits.ads_management),
    }
  }

  /** Calls that were over a limit. */
  get refused(): number {
    return this.points.refused + this.#hours.ads_insights.refused + this.#hours.ads_management.refused
  }

  /** The fullest the points have been, 0 to 1. */
  get fullest(): number {
    return this.points.fullest
  }

  /**
   * Counts a call, or says why not.
   * @returns headers of the answer, and the error when it is over a limit
   */
  count(account: string, useCase: 'ads_insights' | 'ads_management', points: number) {
    const now = this.#now()
    const blockedMs = (this.#blocked.get(account) ?? 0) - now
    let error: Refused | null = null
    let waitMs = 0
    if (blockedMs > 0) {
      waitMs = blockedMs
      error = POINTS_SPENT
    } else if (this.points.refuse(account, points) !== null) {
      waitMs = this.#limits.blockMs
      this.#blocked.set(account, now + waitMs)
      error = POINTS_SPENT
    } else {
      const overMs = this.#hours[useCase].refuse(account)
      if (overMs !== null) {
        waitMs = overMs
        error = HOUR_SPENT[useCase]
      }
    }
    return { error, headers: this.#headers(account, useCase, waitMs, error) }
  }

  #headers(account: string, type: 'ads_insights' | 'ads_management', waitMs: number, error: Refused | null) {
    const { points, pointsMs, tier } = this.#limits
    const pct = (used: number, of: number) => Math.min(100, Math.round((used / of) * 10_000) / 100)
    const hourly = this.#limits[type]
    const pointsPct = error === POINTS_SPENT ? 100 : pct(points - this.points.left(account, pointsMs), points)
    const isHour = error !== null && error !== POINTS_SPENT
    const hourPct = isHour ? 100 : pct(hourly - this.#hours[type].left(account, HOUR_MS), hourly)
    return {
      'x-ad-account-usage': JSON.stringify({
        acc_id_util_pct: pointsPct,
        reset_time_duration: error === POINTS_SPENT ? Math.ceil(waitMs / 1000) : 0,
        ads_api_access_tier: tier,
      }),
      'x-business-use-case-usage': JSON.stringify({
        [account]: [
          {
            type,
            call_count: hourPct,
            total_cputime: 0,
            total_time: 0,
            estimated_time_to_regain_access: isHour ? Math.ceil(waitMs / 60_000) : 0,
            ads_api_access_tier: tier,
          },
        ],
      }),
      'x-fb-ads-insights-throttle': JSON.stringify({
        app_id_util_pct: 0,
        acc_id_util_pct: 0,
        ads_api_access_tier: tier,
      }),
    }
  }
}

const POINTS_SPENT = new Refused({
  code: 17,
  subcode: 2446079,
  message: '(#17) User request limit reached',
  title: 'Ad account has too many API calls',
})
const HOUR_SPENT = {
  ads_insights: new Refused({
    code: 80000,
    message: '(#80000) There have been too many calls from this ad-account. Wait a bit and try again',
  }),
  ads_management: new Refused({
    code: 80004,
    message: '(#80004) There have been too many calls to this ad-account. Wait a bit and try again',
  }),
}
