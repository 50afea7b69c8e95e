/**
 * What simulated platforms are windows on. Money is integer micros of the account's currency, times are UTC
 * microseconds, days `YYYY-MM-DD` in the account's zone. The same names give the same answers, in whatever order.
 */
export type AdPlatform = 'meta' | 'google' | 'tiktok' | 'snapchat'

export interface AdAccount {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly zone: string
  readonly campaigns: readonly AdCampaign[]
}

export interface AdCampaign {
  readonly id: string
  readonly name: string
  readonly objective: 'sales' | 'leads' | 'traffic' | 'awareness'
  readonly status: 'ACTIVE' | 'PAUSED'
  readonly dailyBudgetMicros: number
  readonly createdAt: number
  readonly adsets: readonly AdSet[]
}

export interface AdSet {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'PAUSED'
  readonly bidMicros: number | null
  readonly ads: readonly Ad[]
}

export interface Ad {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'PAUSED'
}

export interface AdFigures {
  readonly impressions: number
  readonly clicks: number
  readonly spendMicros: number
  /** Millionths: platforms report fractions. */
  readonly conversionsMicros: number
  readonly revenueMicros: number
  readonly reach: number
}

export interface DemographicFigures extends AdFigures {
  readonly age: string
  readonly gender: 'female' | 'male' | 'unknown'
  readonly country: string
}

export interface AdWorld {
  readonly seed: number
  /** First day there is anything of. */
  readonly firstDay: string
  accounts(platform: AdPlatform): readonly AdAccount[]
  /** What the platform reports of an ad and day, as it says so at a time: history is restated for some weeks. Null: nothing (yet). */
  adDay(platform: AdPlatform, adId: string, day: string, asOf: number): AdFigures | null
  /** The campaign's day by groups of people; sums to the campaign's figures exactly. */
  demographics(
    platform: AdPlatform,
    campaignId: string,
    day: string,
    asOf: number,
  ): readonly DemographicFigures[]
}
