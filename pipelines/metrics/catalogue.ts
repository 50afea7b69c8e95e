/**
 * The one catalogue of metrics: API, panels, rules and reports read names, formulas and units from here.
 * A formula is a measure or a quotient of two; measures are sums over the rows asked for, so sums come first.
 */

/** A sum over the rows of a view. */
export interface Measure {
  readonly view: 'ad_metrics_daily_current' | 'funnel_daily'
  readonly column: string
  /** Micros of the row's currency: never added across currencies. */
  readonly money: boolean
  /** People: of several days or ads their sum counts some of them more than once. No figure of a period is made of it. */
  readonly isOfOneDay?: true
}

const ads = (column: string, money = false): Measure => ({ view: 'ad_metrics_daily_current', column, money })
const site = (column: string, money = false): Measure => ({ view: 'funnel_daily', column, money })

export const MEASURES = {
  impressions: ads('impressions'),
  clicks: ads('clicks'),
  spend: ads('spend_micros', true),
  conversions: ads('conversions'),
  platform_revenue: ads('revenue_micros', true),
  reach: { ...ads('reach'), isOfOneDay: true },
  revenue: site('revenue_micros', true),
  sessions: site('sessions'),
  page_views: site('page_views'),
  add_to_cart: site('add_to_cart'),
  purchases: site('purchases'),
} as const satisfies Readonly<Record<string, Measure>>

export type MeasureName = keyof typeof MEASURES

export interface Metric {
  readonly name: string
  readonly title: string
  readonly unit: 'count' | 'money' | 'ratio'
  readonly of: MeasureName
  /** Divided by this sum; 0 or unknown gives null. */
  readonly per?: MeasureName
  /** Factor of the quotient: CPM is per thousand. */
  readonly times?: number
  readonly better: 'more' | 'less' | null
  readonly dimensions: readonly string[]
}

const OF_ADS = ['date', 'platform', 'account', 'campaign', 'adset', 'ad']
const OF_SITE = ['date', 'source']
const BLENDED = ['date']

/** Sources of the formulas: the specification's product.md §4.9. */
export const METRICS: readonly Metric[] = [
  { name: 'spend', title: 'Spend', unit: 'money', of: 'spend', better: null, dimensions: OF_ADS },
  { name: 'revenue', title: 'Revenue', unit: 'money', of: 'revenue', better: 'more', dimensions: OF_SITE },
  {
    name: 'platform_revenue',
    title: 'Revenue as platforms report it',
    unit: 'money',
    of: 'platform_revenue',
    better: 'more',
    dimensions: OF_ADS,
  },
  {
    name: 'roas',
    title: 'Return on ad spend',
    unit: 'ratio',
    of: 'revenue',
    per: 'spend',
    better: 'more',
    dimensions: BLENDED,
  },
  {
    name: 'platform_roas',
    title: 'Return on ad spend as platforms report it',
    unit: 'ratio',
    of: 'platform_revenue',
    per: 'spend',
    better: 'more',
    dimensions: OF_ADS,
  },
  {
    name: 'conversions',
    title: 'Conversions',
    unit: 'count',
    of: 'conversions',
    better: 'more',
    dimensions: OF_ADS,
  },
  {
    name: 'impressions',
    title: 'Impressions',
    unit: 'count',
    of: 'impressions',
    better: null,
    dimensions: OF_ADS,
  },
  { name: 'clicks', title: 'Clicks', unit: 'count', of: 'clicks', better: 'more', dimensions: OF_ADS },
  {
    name: 'ctr',
    title: 'Click-through rate',
    unit: 'ratio',
    of: 'clicks',
    per: 'impressions',
    better: 'more',
    dimensions: OF_ADS,
  },
  {
    name: 'cpc',
    title: 'Cost per click',
    unit: 'money',
    of: 'spend',
    per: 'clicks',
    better: 'less',
    dimensions: OF_ADS,
  },
  {
    name: 'cpm',
    title: 'Cost per thousand impressions',
    unit: 'money',
    of: 'spend',
    per: 'impressions',
    times: 1000,
    better: 'less',
    dimensions: OF_ADS,
  },
  {
    name: 'cpa',
    title: 'Cost per acquisition',
    unit: 'money',
    of: 'spend',
    per: 'conversions',
    better: 'less',
    dimensions: OF_ADS,
  },
  {
    name: 'click_conversion_rate',
    title: 'Conversions per click',
    unit: 'ratio',
    of: 'conversions',
    per: 'clicks',
    better: 'more',
    dimensions: OF_ADS,
  },
  { name: 'reach', title: 'People reached', unit: 'count', of: 'reach', better: 'more', dimensions: OF_ADS },
  {
    // Of several days the people of each are added: it is the least that it can have been.
    name: 'frequency',
    title: 'Impressions per person',
    unit: 'ratio',
    of: 'impressions',
    per: 'reach',
    better: null,
    dimensions: OF_ADS,
  },
  { name: 'sessions', title: 'Sessions', unit: 'count', of: 'sessions', better: 'more', dimensions: OF_SITE },
  {
    name: 'page_views',
    title: 'Page views',
    unit: 'count',
    of: 'page_views',
    better: 'more',
    dimensions: OF_SITE,
  },
  {
    name: 'add_to_cart',
    title: 'Additions to cart',
    unit: 'count',
    of: 'add_to_cart',
    better: 'more',
    dimensions: OF_SITE,
  },
  {
    name: 'purchases',
    title: 'Purchases',
    unit: 'count',
    of: 'purchases',
    better: 'more',
    dimensions: OF_SITE,
  },
  {
    name: 'conversion_rate',
    title: 'Purchases per session',
    unit: 'ratio',
    of: 'purchases',
    per: 'sessions',
    better: 'more',
    dimensions: OF_SITE,
  },
]

/** Whether a metric can be told of a period as of a day. */
export const isOfPeriods = ({ of, per = of }: Metric): boolean =>
  ![of, per].some(name => (MEASURES[name] as Measure).isOfOneDay)
