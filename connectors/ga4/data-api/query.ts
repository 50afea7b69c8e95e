/** What tells rows of the report apart, the day first: pages are cut in this order. */
export const DIMENSIONS = [
  'date',
  'sessionSource',
  'sessionMedium',
  'sessionCampaignName',
  'sessionDefaultChannelGroup',
] as const

export const METRICS = [
  'sessions',
  'totalUsers',
  'keyEvents',
  'ecommercePurchases',
  'purchaseRevenue',
] as const

export type Dimension = (typeof DIMENSIONS)[number]
export type Metric = (typeof METRICS)[number]

/** Rows of an answer. 250,000 are allowed; this many are some megabytes. */
export const PAGE_ROWS = 10_000

/** The body of `runReport` for days of the property, both included (platforms.md §5.1). */
export const reportQuery = (from: string, to: string, offset: number, limit = PAGE_ROWS) => ({
  dateRanges: [{ startDate: from, endDate: to }],
  dimensions: DIMENSIONS.map(name => ({ name })),
  metrics: METRICS.map(name => ({ name })),
  // Without an order of all of them a row could be on two pages, and another on none.
  orderBys: DIMENSIONS.map(dimensionName => ({ dimension: { dimensionName } })),
  offset: String(offset),
  limit: String(limit),
  returnPropertyQuota: true,
})
