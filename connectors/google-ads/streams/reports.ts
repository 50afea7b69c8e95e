import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { made } from '../../../plugins/rows/index.ts'
import { byDay, type DaySlice, type PartSlice } from '../../../plugins/sync/index.ts'
import type { GoogleAds } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import type { Json } from '../api/exact-json.ts'
import type { Context } from '../context.ts'
import { id } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { byCustomer } from './by-customer.ts'
import { dateOf } from './date.ts'
import { figuresOf, METRICS } from './figures.ts'
import { named } from './named.ts'
import { type Place, queriesOf } from './queries.ts'

/** Days of a query: it costs one operation however many pages it has, and its token lives about two hours. */
const DAYS_OF_A_QUERY = 30

type Slice = PartSlice<Customer, DaySlice>

/** A day is read again while conversions may come in for it, and on the day after. */
export const byReportDay = () =>
  byCustomer('date', ({ zone }) =>
    byDay<Context>('date', {
      restated: ({ config }) => config.conversion_window_days + 1,
      slice: DAYS_OF_A_QUERY,
      history: ({ config }) => config.history_days,
      zone: () => zone,
    }),
  )

const between = ({ from, to }: DaySlice) => `segments.date BETWEEN '${from}' AND '${to}'`

/**
 * Ads by day; and campaigns that have no ads (Performance Max), which no report of ads knows: their money would be
 * missing.
 */
export const reportQueries = (days: DaySlice): string[] => [
  `SELECT segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id, ${METRICS} FROM ad_group_ad WHERE ${between(days)} ORDER BY segments.date, ad_group.id, ad_group_ad.ad.id`,
  `SELECT segments.date, campaign.id, ${METRICS} FROM campaign WHERE ${between(days)} AND campaign.advertising_channel_type = 'PERFORMANCE_MAX' ORDER BY segments.date, campaign.id`,
]

export const adReports = sliced({
  title: 'Ads by day',
  kind: 'ad_report',
  schema: AdReportRecord,
  primaryKey: ['account_id', 'campaign_id', 'adset_id', 'ad_id', 'date'],
  cursor: byReportDay(),
  async *read({
    client,
    slice: { part: customer, slice: days },
    from,
    now,
  }: SliceContext<Settings, GoogleAds, Slice>) {
    const queries = reportQueries(days)
    for await (const page of queriesOf(client, customer.id, queries, from as Place | null)) {
      const asOf = now()
      const origin = named(`reports of account ${customer.id}, ${days.from} to ${days.to}`)
      const read = (row: Json) => reportOf(row, page.query === 0, customer, days, asOf)
      yield {
        ...made(page.rows, read, { origin }),
        next: page.next as Readonly<Record<string, string | number>> | null,
      }
    }
  },
})

/** @throws RowError */
export function reportOf(
  row: Json,
  isOfAd: boolean,
  { id: account, currency }: Pick<Customer, 'id' | 'currency'>,
  days: DaySlice,
  asOf: number,
): AdReportRecord {
  const date = dateOf(row, days)
  return {
    platform: 'google',
    date,
    account_id: account,
    campaign_id: id(row, 'campaign.id'),
    adset_id: isOfAd ? id(row, 'adGroup.id') : null,
    ad_id: isOfAd ? id(row, 'adGroupAd.ad.id') : null,
    ...figuresOf(row),
    currency,
    reach: null,
    settled: date < days.restatedFrom,
    as_of: asOf,
  }
}
