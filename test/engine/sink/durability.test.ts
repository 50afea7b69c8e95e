import { join } from 'node:path'
import t from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import type { Durability } from '../../../engine/log/lmdb/env.ts'
import { app } from '../../../stratum.ts'
import { generate } from '../../chaos/generate.ts'
import { runThrough, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'

t.test(
  'with durability power no row could be inserted: the setting is the table’s, not the insert’s',
  async t => {
    const dir = temporaryFolder(t)
    const path = join(dir, 'export')
    const { events } = generate(path, { seed: 1, days: 1, sessionsPerDay: 3 })
    const ingest = (durability: Durability) =>
      runThrough(
        join(dir, 'data'),
        app(standard),
        { source: ga4, config: { path }, options: { durability } },
        async stores => {
          const warehouse = await stores.warehouse()
          const tables = await warehouse.query<{ engine_full: string }>(
            "SELECT engine_full FROM system.tables WHERE database = 'stratum' AND engine = 'MergeTree'",
          )
          const [row] = await warehouse.query<{ n: number }>('SELECT count() AS n FROM stratum.events')
          const flushed = (setting: string) =>
            tables.filter(t => t.engine_full.includes(`${setting} = 1`)).length
          return {
            rows: row!.n,
            tables: tables.length,
            parts: flushed('fsync_after_insert'),
            folders: flushed('fsync_part_directory'),
          }
        },
      )
    const { tables } = app(standard)
    const n = tables.length
    t.same(await ingest('power'), { rows: events, tables: n, parts: n, folders: n })
    t.same(await ingest('process'), { rows: events, tables: n, parts: 0, folders: 0 }, 'and back again')
  },
)
