import t from 'tap'
import { createDatabase, createTable, createView } from '../../../engine/sink/ddl.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { webReportsTable } from '../../../pipelines/web-reports/tables.ts'
import { temporaryFolder } from '../../support/folder.ts'

const database = 'stratum'

t.test('a session that was attributed to another source was counted under both', async t => {
  const warehouse = await openChdb(temporaryFolder(t))
  t.teardown(() => warehouse.close())
  await warehouse.command(createDatabase(database))
  await warehouse.command(createTable(webReportsTable, { database, retentionYears: 10 }))
  for (const view of webReportsTable.views ?? []) await warehouse.command(createView(view, database))
  const said = async (
    tenant: string,
    date: string,
    source: string,
    sessions: number,
    at: number,
    n: number,
  ) =>
    warehouse.command(
      `INSERT INTO ${database}.web_reports_daily (tenant_id, date, source, property_id, traffic_source, traffic_medium, campaign, channel, sessions, as_of, revision) VALUES ('${tenant}', '${date}', 'ga4', '7', '${source}', 'm', 'c', 'Direct', ${sessions}, toDateTime64('2026-04-15 0${at}:00:00', 6, 'UTC'), ${n})`,
    )
  await said('demo', '2026-04-14', 'google', 5, 1, 1)
  await said('demo', '2026-04-14', '(not set)', 2, 1, 1)
  await said('demo', '2026-04-13', '(not set)', 9, 1, 1)
  await said('other', '2026-04-14', '(not set)', 1, 1, 1)
  // Said again, of one day: all of it went to google.
  await said('demo', '2026-04-14', 'google', 7, 2, 2)
  const rows = await warehouse.query(
    `SELECT tenant_id, toString(date) AS date, traffic_source, toInt32(sessions) AS sessions, toInt32(revision) AS revision FROM ${database}.web_reports_daily_current ORDER BY tenant_id, date`,
  )
  t.same(rows, [
    { tenant_id: 'demo', date: '2026-04-13', traffic_source: '(not set)', sessions: 9, revision: 1 },
    { tenant_id: 'demo', date: '2026-04-14', traffic_source: 'google', sessions: 7, revision: 2 },
    { tenant_id: 'other', date: '2026-04-14', traffic_source: '(not set)', sessions: 1, revision: 1 },
  ])
})
