import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Codec } from '../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import { messageOf } from '../../engine/errors.ts'
import { cutHere } from '../../engine/sink/cut.ts'
import { CutReader } from '../../engine/sink/cut-reader.ts'
import { createDatabase, createTable } from '../../engine/sink/ddl.ts'
import { Inserter, sinkGroup } from '../../engine/sink/inserter.ts'
import { openClickHouse } from '../../engine/store/clickhouse.ts'
import { startWarehouse } from '../../test/support/servers/warehouse.ts'
import { BenchAdmin } from './admin.ts'
import { openBenchLog } from './open-log.ts'
import { freshGroup } from './pair.ts'
import { benchEvent, EVENT_SCHEMA_ID, PARTITIONS } from './records.ts'
import { benchTable } from './sink-table.ts'

/**
 * The engine's sink from Kafka to ClickHouse, exactly once: cuts are committed, inserted under their token, closed.
 *
 * Usage: ours-sink.js --bootstrap HOST:PORT --topic TOPIC [--url http://…] [--rows 50000] [--groups 2]. Prints
 * {"rows", "seconds"}: from the first read to the last cut's close.
 */
const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    topic: { type: 'string' },
    url: { type: 'string' },
    rows: { type: 'string', default: '50000' },
    groups: { type: 'string', default: '2' },
  },
})
const DATABASE = 'bench'

async function main(bootstrap: string, topic: string): Promise<{ rows: number; seconds: number }> {
  const server = values.url === undefined ? await startWarehouse() : undefined
  const url = values.url ?? server!.url
  const dir = mkdtempSync(join(tmpdir(), 'stratum-sink-'))
  const groups = Number(values.groups)
  const group = freshGroup('sink')
  const admin = await BenchAdmin.connect(bootstrap)
  const warehouse = openClickHouse({ url, user: 'default', password: '', database: 'default' })
  const { log, owners } = await openBenchLog({ bootstrap, dir, group, groups })
  const stopping = new AbortController()
  try {
    await warehouse.command(createDatabase(DATABASE))
    await warehouse.command(`DROP TABLE IF EXISTS ${DATABASE}.${benchTable.name}`)
    await warehouse.command(createTable(benchTable, { database: DATABASE, retentionYears: 10 }))
    const codec = new Codec(
      EmbeddedRegistry.inMemory([
        { subject: benchEvent.name, version: 1, id: EVENT_SCHEMA_ID, schema: benchEvent.schema },
      ]),
    )
    await codec.register(benchEvent)
    const writers = await Promise.all(owners.map(owner => log.writer(owner)))
    const cutting = cutHere(log, codec.reader(), [benchTable])
    const ends = await admin.ends(topic)
    const total = ends.reduce((a, b) => a + b, 0)
    const replaced = new Set<number>()
    const { signal } = stopping
    let rows = 0
    const begun = performance.now()
    const running = Array.from({ length: PARTITIONS }, async (_, partition) => {
      const inserter = new Inserter({
        table: benchTable,
        cutting,
        database: DATABASE,
        topic,
        partition,
        generation: '1',
        replaced,
        log,
        writer: writers[partition % groups]!,
        warehouse,
        reader: codec.reader(),
        shared: true,
        deadLetter: (_record, reason) => {
          throw new Error(reason)
        },
        onRows: n => {
          rows += n
        },
        signal,
      })
      const from = await inserter.recover()
      const limits = { rows: Number(values.rows), bytes: 64 << 20, ms: () => 500 }
      const gate = { open: async () => {} }
      const table = benchTable.name
      await pipeline(
        new CutReader({ log, cutting, limits, gate, signal, table, topic, partition, from, replaced }),
        inserter,
      )
    })
    const failed = Promise.all(running)
    const done = async () => {
      for (;;) {
        const at = await Promise.all(ends.map((_, p) => log.position(sinkGroup(benchTable.name), topic, p)))
        if (rows >= total && at.every((next, p) => (next ?? 0) >= ends[p]!)) return
        await sleep(20)
      }
    }
    await Promise.race([done(), failed])
    const seconds = (performance.now() - begun) / 1000
    stopping.abort()
    await failed
    const [{ n }] = (await warehouse.query<{ n: string }>(
      `SELECT count() AS n FROM ${DATABASE}.${benchTable.name}`,
    )) as [{ n: string }]
    if (Number(n) !== total) throw new Error(`${n} rows arrived of ${total}`)
    return { rows: total, seconds }
  } finally {
    stopping.abort()
    await log.close()
    await admin.forget(group)
    await admin.close()
    await warehouse.close()
    await server?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

try {
  if (values.bootstrap === undefined || values.topic === undefined)
    throw new Error('ours-sink: --bootstrap and --topic are needed')
  process.stdout.write(`${JSON.stringify(await main(values.bootstrap, values.topic))}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
process.exit()
