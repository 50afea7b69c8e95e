import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { run } from './support.ts'

/** From dist/test/connectors/ga4 to the folder beside the repository. */
const DATA = fileURLToPath(new URL('../../../../../shared/data/ga4/', import.meta.url))
const skip = existsSync(join(DATA, 'events_20210112.parquet')) ? false : 'the real export is not here'

t.test('the same events from Parquet and from NDJSON', { skip }, async t => {
  const parquet = await run(join(DATA, 'events_20210112.parquet'))
  const lines = await run(join(DATA, 'bigquery_export_real_purchasers_20210112.ndjson'))
  t.equal(parquet.events.length, 48_498)
  t.equal(lines.events.length, 594)
  t.same([...parquet.rejected, ...lines.rejected], [])
  const byKey = new Map<string, EventRecord>(parquet.events.map(event => [event.event_key, event]))
  t.equal(byKey.size, parquet.events.length, 'keys are unique')
  for (const event of lines.events) {
    const twin = byKey.get(event.event_key)
    if (JSON.stringify(twin) !== JSON.stringify(event)) t.same(twin, event)
  }
  const purchases = parquet.events.filter(event => event.event_name === 'purchase')
  const revenue = purchases.reduce((sum, event) => sum + (event.value_micros ?? 0), 0)
  t.ok(purchases.length > 0 && revenue > 0)
  const sold = purchases.flatMap(event => JSON.parse(event.params.items ?? '[]') as { price?: number }[])
  t.ok(sold.filter(({ price }) => price !== undefined).length > 100, 'what was bought')
  t.ok(purchases.every(event => event.transaction_id !== '(not set)'))
  t.ok(parquet.events.every(event => !('all_data' in event.params)))
})

t.test('the rows BigQuery wrote as JSON', { skip }, async t => {
  const { events, rejected } = await run(join(DATA, 'bigquery_export_20_real_rows.json'))
  t.equal(events.length, 20)
  t.same(rejected, [])
  t.match(events[0], {
    event_time: 1609057547789405,
    event_date: '2020-12-27',
    event_name: 'add_to_cart',
    session_id: '6813293714',
    session_number: 1,
    transaction_id: null,
    first_source: 'google',
    country: 'United States',
  })
})
