import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import type { Query } from '../../../plugins/http/index.ts'
import { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { byDay, type DaySlice, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Meta } from '../api/client.ts'
import { everyStatus } from '../api/statuses.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { byAccount } from './by-account.ts'
import { reportRecord } from './insight-rows.ts'
import { insights } from './insights.ts'
import { countsAnother } from './purchases.ts'
import { rowsOf } from './rows.ts'

/** The day itself and the 28 in which its conversions may still be credited: a later day it is seen to be settled. */
const RESTATED_DAYS = 29
/** Days of a report. */
const SLICE_DAYS = 30

/** Days in the account's zone; what Meta may still restate is read again by every run. */
export const byReportDay = () =>
  byAccount('date', ({ zone }) =>
    byDay<Context>('date', {
      restated: RESTATED_DAYS,
      slice: SLICE_DAYS,
      history: ({ config }) => config.history_days,
      zone: () => zone,
    }),
  )

export type ReportContext = SliceContext<Settings, Meta, PartSlice<Account, DaySlice>>

/** How conversions are credited, as the settings say. */
export const attributionOf = ({ attribution_windows: windows = [] }: Settings): Query =>
  windows.length === 0
    ? { use_unified_attribution_setting: true }
    : { action_attribution_windows: windows, use_unified_attribution_setting: false }

const FIELDS = [
  ...['account_id', 'account_currency', 'campaign_id', 'adset_id', 'ad_id', 'date_start', 'date_stop'],
  ...['impressions', 'reach', 'clicks', 'spend', 'actions', 'action_values'],
].join(',')

export const adReports = sliced({
  title: 'Ads by day',
  kind: 'ad_report',
  schema: AdReportRecord,
  primaryKey: ['account_id', 'campaign_id', 'ad_id', 'date'],
  cursor: byReportDay(),
  async *read(context: ReportContext) {
    const { client, config, slice, now } = context
    const { part: account, slice: days } = slice
    const query = {
      ...{ level: 'ad', fields: FIELDS, time_increment: 1, filtering: everyStatus('ad') },
      ...attributionOf(config),
    }
    for await (const { body, next } of insights(context, account, query, days, context.from)) {
      const of = { account, days, settings: config, asOf: now() }
      const rows = rowsOf(body, `insights of ad account ${account.id}`, row => {
        if (countsAnother(row, config))
          client.notice(
            `ad account ${account.id} reports purchases, but none as ${config.purchase_action}: see the setting purchase_action`,
          )
        return reportRecord(row, of)
      })
      yield { ...rows, next }
    }
  },
})
