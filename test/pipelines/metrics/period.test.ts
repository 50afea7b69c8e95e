import t from 'tap'
import { createDatabase, createTable, createView } from '../../../engine/sink/ddl.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { kpis } from '../../../pipelines/metrics/kpis.ts'
import { tables } from '../../../pipelines/tables.ts'
import { temporaryFolder } from '../../support/folder.ts'

const database = 'stratum'
const QUESTION = { tenant: 'demo', from: null, to: null, platform: null, currency: null }
const NOON = Date.UTC(2026, 0, 15, 12) * 1000

t.test('the period that is answered for when none is asked for', async t => {
  const warehouse = await openChdb(temporaryFolder(t))
  t.teardown(() => warehouse.close())
  await warehouse.command(createDatabase(database))
  for (const table of tables) {
    await warehouse.command(createTable(table, { database, retentionYears: 10 }))
    for (const view of table.views ?? []) await warehouse.command(createView(view, database))
  }
  const insert = (into: string, values: string) =>
    warehouse.command(`INSERT INTO ${database}.${into} VALUES ${values}`)
  const ask = () => kpis(warehouse, database, QUESTION)

  await t.test('where nothing is there, none', async t => {
    t.match(await ask(), {
      period: null,
      kpis: [],
      watermarks: { ads: null, site: null },
      warnings: ['NO_DATA'],
    })
  })

  await t.test('events whose day was not summed yet were answered for from 1969 on', async t => {
    await insert(
      'events (tenant_id, event_id, event_time, event_date, event_name)',
      `('demo', 'e', fromUnixTimestamp64Micro(${NOON}), '2026-01-15', 'page_view')`,
    )
    t.match(await ask(), { period: null, watermarks: { ads: null, site: NOON }, warnings: ['NO_DATA'] })
  })

  await t.test('of another tenant nothing is seen', async t => {
    await insert(
      'funnel_daily_parts (tenant_id, date, source, part, revision)',
      `('other', '2026-01-20', 'ga4', 0, 1)`,
    )
    t.equal((await ask()).period, null)
  })

  await t.test('the 30 days up to the last day that one side has', async t => {
    await insert(
      'ad_metrics_daily (tenant_id, date, platform, account_id, campaign_id, currency, spend_micros, as_of, revision)',
      `('demo', '2026-01-10', 'meta', 'a', 'c', 'EUR', 5000000, fromUnixTimestamp64Micro(${NOON}), 1)`,
    )
    t.match(await ask(), {
      period: { from: '2025-12-12', to: '2026-01-10', days: 30 },
      watermarks: { ads: NOON, site: NOON },
    })
    await insert(
      'funnel_daily_parts (tenant_id, date, source, part, sessions, revision)',
      `('demo', '2026-01-15', 'ga4', 0, 7, 1)`,
    )
    const { period, kpis } = await ask()
    t.match(period, { from: '2025-12-17', to: '2026-01-15' })
    t.equal(kpis.find(k => k.metric.name === 'sessions')?.now.value, 7)
    t.equal(kpis.find(k => k.metric.name === 'spend')?.now.value, 5_000_000)
  })
})
