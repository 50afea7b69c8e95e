import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import csv from '../../../connectors/csv/index.ts'
import { validate } from '../../../engine/config/index.ts'
import { kindsOf, type Stores } from '../../../engine/runtime/stores.ts'
import { app as make } from '../../../stratum.ts'
import { runThrough, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { startRegistry } from '../../support/servers/registry.ts'

const FILE = `platform,date,account_id,campaign_id,ad_id,impressions,clicks,spend,revenue,currency,conversions,as_of
meta,2026-01-01,a,c1,1,1000,10,5.00,20.00,USD,2,2026-01-12T00:00:00Z
google,2026-01-02,b,c9,7,500,0,2.50,0,USD,0,2026-01-12T00:00:00Z
`

/** Ids of the schemas of all that is in the topics of the application. */
async function idsIn({ log, layout }: Stores): Promise<number[]> {
  const ids = new Set<number>()
  for (const { name, partitions } of layout.topics)
    for (let p = 0; p < partitions; p++)
      for (let at = (await log.bounds(name, p)).start; ; ) {
        const batch = await log.read(name, p, at)
        if (!batch) break
        for (const { value } of batch.records) if (value?.[0] === 0) ids.add(value.readUInt32BE(1))
        at = batch.next
      }
  return [...ids].sort()
}

t.test(
  'the whole application runs on a registry: its schemas are taken, its records have its ids',
  async t => {
    const server = await startRegistry(t, { firstId: 100_001 })
    const dir = temporaryFolder(t)
    const path = join(dir, 'spend.csv')
    writeFileSync(path, FILE)
    const app = make(standard)
    const config = validate(csv.spec, { path, mapping: 'generic' }, 'test') as Record<string, unknown>
    const options = { registry: { urls: [server.url], prefix: 'stratum.' } }
    const run = <T>(look: (stores: Stores, read: number) => Promise<T>) =>
      runThrough(join(dir, 'data'), app, { source: csv, config, options }, (stores, { read }) =>
        look(stores, read),
      )
    const rows = (stores: Stores) =>
      stores
        .warehouse()
        .then(w => w.query<{ n: number }>('SELECT count() AS n FROM stratum.ad_metrics_daily_current'))
        .then(([row]) => Number(row!.n))

    const first = await run(async (stores, read) => {
      t.equal(read, 2)
      const ids = await idsIn(stores)
      t.ok(ids.length > 2 && ids.every(id => id > 100_000), `ids are ${ids}`)
      return { ids, rows: await rows(stores) }
    })
    t.ok(first.rows > 0)
    t.strictSame(
      server.store.subjects('').sort(),
      kindsOf(app)
        .map(kind => `stratum.${kind.name}`)
        .sort(),
    )
    const before = server.store.subjects('').flatMap(subject => server.store.versions(subject))
    await run(async stores => t.strictSame({ ids: await idsIn(stores), rows: await rows(stores) }, first))
    const after = server.store.subjects('').flatMap(subject => server.store.versions(subject))
    t.strictSame(after, before, 'a restart registers nothing')
  },
)
