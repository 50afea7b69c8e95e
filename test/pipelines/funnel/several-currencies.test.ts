import t from 'tap'
import { createDatabase, createTable, createView } from '../../../engine/sink/ddl.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { funnelTable } from '../../../pipelines/funnel/tables.ts'
import { temporaryFolder } from '../../support/folder.ts'

const database = 'stratum'

t.test('a day of several currencies named the one of a part that had seen no other', async t => {
  const warehouse = await openChdb(temporaryFolder(t))
  t.teardown(() => warehouse.close())
  await warehouse.command(createDatabase(database))
  await warehouse.command(createTable(funnelTable, { database, retentionYears: 10 }))
  for (const view of funnelTable.views!) await warehouse.command(createView(view, database))
  const part = (date: string, part: number, micros: number | null, currency: string | null) =>
    warehouse.command(
      `INSERT INTO ${database}.funnel_daily_parts (tenant_id, date, source, part, purchases, revenue_micros, currency, revision)
       VALUES ('demo', '${date}', 'ga4', ${part}, 1, ${micros ?? 'NULL'}, ${currency ? `'${currency}'` : 'NULL'}, 1)`,
    )
  // Part 0 has seen both dollars and euros, part 1 only dollars.
  await part('2026-01-05', 0, null, null)
  await part('2026-01-05', 1, 5_000_000, 'USD')
  // Nothing was bought in part 0.
  await part('2026-01-06', 0, 0, null)
  await part('2026-01-06', 1, 5_000_000, 'USD')
  await part('2026-01-07', 0, 1_000_000, 'EUR')
  await part('2026-01-07', 1, 5_000_000, 'USD')
  t.same(
    await warehouse.query(
      `SELECT date, purchases, revenue_micros, currency FROM ${database}.funnel_daily ORDER BY date`,
    ),
    [
      { date: '2026-01-05', purchases: 2, revenue_micros: null, currency: null },
      { date: '2026-01-06', purchases: 2, revenue_micros: 5_000_000, currency: 'USD' },
      { date: '2026-01-07', purchases: 2, revenue_micros: null, currency: null },
    ],
  )
})
