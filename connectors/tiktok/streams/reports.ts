import { sliced } from '../../../plugins/contract.ts'
import { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { byDay } from '../../../plugins/sync/index.ts'
import type { TikTokContext } from '../settings.ts'
import { byAdvertiser } from './by-advertiser.ts'
import { reportPages } from './report-pages.ts'
import { reportQuery } from './report-query.ts'
import { adDemographic, adReport } from './report-rows.ts'
import { made } from './rows.ts'

/** So long after a day a click may still be followed by a conversion: the longest window of Attribution Manager. */
const RESTATED_DAYS = 28
/** A request may ask for 30 days; fewer keep the tasks of large accounts small. */
const SLICE_DAYS = 7

const daily = byAdvertiser('date', ({ zone }) =>
  byDay<TikTokContext>('date', {
    restated: RESTATED_DAYS,
    slice: SLICE_DAYS,
    history: ({ config }) => config.history_days,
    zone: () => zone,
  }),
)

export const adReports = sliced({
  title: 'Ads by day',
  kind: 'ad_report',
  schema: AdReportRecord,
  primaryKey: ['ad_id', 'date'],
  cursor: daily,
  async *read({ client, slice: { part: advertiser, slice }, from, ...context }) {
    const said = { advertiser, restatedFrom: slice.restatedFrom, asOf: context.now() }
    const query = reportQuery.ads(advertiser.id, slice)
    for await (const { rows, next, origin } of reportPages(client, query, from, context))
      yield { ...made(rows, origin, row => adReport(row, said)), next }
  },
})

export const adDemographics = sliced({
  title: 'Campaigns by day and group of people',
  kind: 'ad_demographic',
  schema: AdDemographicRecord,
  primaryKey: ['campaign_id', 'date', 'age', 'gender', 'country'],
  cursor: daily,
  async *read({ client, slice: { part: advertiser, slice }, from, ...context }) {
    const said = { advertiser, restatedFrom: slice.restatedFrom, asOf: context.now() }
    const query = reportQuery.groups(advertiser.id, slice)
    for await (const { rows, next, origin } of reportPages(client, query, from, context))
      yield { ...made(rows, origin, row => adDemographic(row, said)), next }
  },
})
