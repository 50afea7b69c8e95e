import { sliced } from '../../../plugins/contract.ts'
import type { Position } from '../../../plugins/http/index.ts'
import { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import { everyStatus } from '../api/statuses.ts'
import { demographicRecord } from './insight-rows.ts'
import { insights } from './insights.ts'
import { attributionOf, byReportDay, type ReportContext } from './reports.ts'
import { rowsOf } from './rows.ts'

/** Breakdowns that Meta gives together; each is a report of its own, and each sums to the whole. */
const BREAKDOWNS = ['age,gender', 'country'] as const

const FIELDS = [
  ...['account_id', 'account_currency', 'campaign_id', 'date_start', 'date_stop'],
  ...['impressions', 'clicks', 'spend', 'actions', 'action_values'],
].join(',')

/** Which breakdown a run is at; the rest is the place within its report. */
type Place = { readonly breakdown: number } & { readonly [name: string]: string | number }

export const adDemographics = sliced({
  title: 'Campaigns by day and group of people',
  kind: 'ad_demographic',
  schema: AdDemographicRecord,
  primaryKey: ['account_id', 'campaign_id', 'date', 'age', 'gender', 'country'],
  cursor: byReportDay(),
  async *read(context: ReportContext) {
    const { config, slice, now } = context
    const { part: account, slice: days } = slice
    const { breakdown = 0, ...within } = (context.from as Place | null) ?? {}
    let from: Position | null = Object.keys(within).length === 0 ? null : (within as Position)
    for (const [index, breakdowns] of BREAKDOWNS.entries()) {
      if (index < breakdown) continue
      const behind = index + 1 < BREAKDOWNS.length ? { breakdown: index + 1 } : null
      const query = {
        ...{ level: 'campaign', fields: FIELDS, breakdowns, time_increment: 1 },
        ...{ filtering: everyStatus('campaign'), ...attributionOf(config) },
      }
      for await (const { body, next } of insights(context, account, query, days, from)) {
        const of = { account, days, settings: config, asOf: now() }
        const origin = `insights by ${breakdowns} of ad account ${account.id}`
        const rows = rowsOf(body, origin, row => demographicRecord(row, breakdowns, of))
        yield { ...rows, next: next === null ? behind : { ...(next as object), breakdown: index } }
      }
      from = null
    }
  },
})
