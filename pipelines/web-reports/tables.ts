import { WebReportRecord } from '../../plugins/records/web-report.ts'
import { currentTable } from '../current/table.ts'

export const webReportsTable = currentTable({
  name: 'web_reports_daily',
  comment: "One row is one day and traffic source in the analytics' own report, at one revision",
  from: { topic: 'metrics', kind: 'web_reports' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'source', 'property_id'],
  record: WebReportRecord,
  key: [
    'tenant_id',
    'date',
    'source',
    'property_id',
    'traffic_source',
    'traffic_medium',
    'campaign',
    'channel',
  ],
  whole: { by: ['tenant_id', 'date', 'source', 'property_id'], asOf: 'as_of' },
})
