import { type Connected, sliced } from '../../../plugins/contract.ts'
import { configError, RetryableError } from '../../../plugins/errors.ts'
import type { Position } from '../../../plugins/http/index.ts'
import { WebReportRecord } from '../../../plugins/records/web-report.ts'
import { made } from '../../../plugins/rows/index.ts'
import { byDay, PositionLost } from '../../../plugins/sync/index.ts'
import type { Client } from '../client.ts'
import type { Settings } from '../settings.ts'
import type { Report } from './answer.ts'
import type { DataApi } from './client.ts'
import { webReport } from './row.ts'

type Context = Connected<Settings, Client>

/** GA4 changes a day for 48 hours after it (product.md §4): days up to today − 3 are settled. */
const RESTATED_DAYS = 3
const SLICE_DAYS = 7

/** Where a page begins. All pages of a report are of one instant, and are a report of so many rows. */
interface Place {
  readonly offset: number
  readonly as_of: number
  readonly rows: number
}

/** Days by traffic source, as GA4's own reports count them. */
export const webReports = sliced({
  title: 'Reports by day and traffic source',
  kind: 'web_report',
  schema: WebReportRecord,
  primaryKey: ['property_id', 'date', 'traffic_source', 'traffic_medium', 'campaign', 'channel'],
  cursor: byDay<Context>('date', {
    restated: RESTATED_DAYS,
    slice: SLICE_DAYS,
    history: ({ config }) => config.history_days,
    zone: ({ client }) => apiOf(client).zone(),
  }),
  async *read({ client, slice, from, notice, now }) {
    const api = apiOf(client)
    const place = from as Place | null
    const asOf = place?.as_of ?? now()
    let offset = place?.offset ?? 0
    let known = place?.rows ?? null
    for (;;) {
      const report = await api.report(slice.from, slice.to, offset)
      const { rows, total } = report
      if (known !== null && known !== total)
        throw new PositionLost('the report has another number of rows now')
      if (offset === 0) for (const line of doubtsOf(report, slice)) notice(line)
      const { restatedFrom } = slice
      const said = { ...report, propertyId: api.propertyId, restatedFrom, asOf }
      const origin = (row: { readonly row?: unknown }) =>
        `row ${row.row} of the report ${slice.from} to ${slice.to}`
      offset += rows.length
      if (rows.length === 0 && offset < total)
        throw new RetryableError(`the Data API gave no rows from ${offset} on, of ${total}`)
      known = total
      const next: Position | null = offset < total ? { offset, as_of: asOf, rows: total } : null
      yield { ...made(rows, row => webReport(row, said), { origin }), next }
      if (next === null) return
    }
  },
})

const MEANING: Readonly<Record<string, string>> = {
  thresholded: 'GA4 hides rows of few people (thresholding)',
  sampled: 'GA4 estimated it from a sample',
  other_row: 'GA4 put rows beyond its limit into (other)',
  restricted: 'the user has no right to see some figures: they are null',
}

const doubtsOf = ({ quality }: Report, { from, to }: { from: string; to: string }) =>
  quality.map(doubt => `the report ${from} to ${to} is not the whole: ${MEANING[doubt]}`)

/** @throws config: reports are not what the settings are for */
function apiOf(client: Client): DataApi {
  if (client !== null && 'report' in client) return client
  throw configError('is missing: reports are read by the Data API', '/report_property_id')
}
