import { WebReportRecord } from '../../plugins/records/web-report.ts'
import { factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** What a web analytics itself reports of a day by traffic source. */
export const webReport: Said<WebReportRecord> = {
  kind: 'web_report',
  record: WebReportRecord,
  key: ['property_id', 'date', 'traffic_source', 'traffic_medium', 'campaign', 'channel'],
  asOf: 'as_of',
  day: 'date',
  currency: 'currency',
  // Attribution moves a session to another source: its row before would stay, and be counted beside the new one.
  whole: ['property_id', 'date'],
}

export const webReportKind = factKind(webReport)
export const webReportsKind = revisedKind('web_reports', webReport)

export const webReports = current({
  name: 'web-reports',
  said: webReport,
  topic: 'metrics',
  kindOf: () => webReportsKind,
})
