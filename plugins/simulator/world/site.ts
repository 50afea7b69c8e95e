/**
 * What a simulated web analytics is a window on: what a site's visitors did, as far as its tag saw it. Times are UTC
 * microseconds, days `YYYY-MM-DD` in the property's zone, money integer micros of the property's currency.
 */
export interface SiteWorld {
  readonly seed: number
  readonly propertyId: string
  readonly currency: string
  readonly zone: string
  /** First day there is anything of. */
  readonly firstDay: string
  /**
   * What was collected of a day, oldest first, as known at a time: hits that come late are not there before. A hit that
   * was never collected (an outage of the tag) is not there at all, and one fired twice is there twice, a moment apart.
   */
  events(day: string, asOf: number): readonly SiteEvent[]
}

export type SiteEventName =
  | 'first_visit'
  | 'session_start'
  | 'page_view'
  | 'view_item'
  | 'add_to_cart'
  | 'begin_checkout'
  | 'purchase'

export interface SiteEvent {
  readonly at: number
  readonly name: SiteEventName
  /** The browser: `user_pseudo_id`. */
  readonly clientId: string
  /** Of somebody who has logged in: a pseudonym. */
  readonly userId: string | null
  /** UTC seconds at which the session began: `ga_session_id`. */
  readonly sessionId: number
  /** 1 for the first session of this browser. */
  readonly sessionNumber: number
  /** Path with query. */
  readonly page: string
  /** Where this session came from; null: direct. */
  readonly source: string | null
  readonly medium: string | null
  readonly campaign: string | null
  readonly gclid: string | null
  readonly device: 'desktop' | 'mobile' | 'tablet'
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly purchase: SitePurchase | null
}

export interface SitePurchase {
  readonly transactionId: string
  readonly valueMicros: number
  readonly items: readonly {
    readonly id: string
    readonly name: string
    readonly priceMicros: number
    readonly quantity: number
  }[]
}
