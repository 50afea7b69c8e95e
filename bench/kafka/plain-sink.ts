import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import avsc from 'avsc'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { messageOf } from '../../engine/errors.ts'
import { createDatabase, createTable } from '../../engine/sink/ddl.ts'
import { NativeBlock } from '../../engine/sink/native.ts'
import { ORIGIN_COLUMNS } from '../../engine/sink/table.ts'
import { startWarehouse } from '../../test/support/servers/warehouse.ts'
import { BenchAdmin } from './admin.ts'
import { freshGroup } from './pair.ts'
import { benchEvent } from './records.ts'
import { benchTable } from './sink-table.ts'

/**
 * The floor of the sink from Kafka to ClickHouse: a loop that consumes and inserts, with no guarantee. Offsets are
 * committed as kafkajs likes, no insert is known again, nothing is retried or read back. The rows, their format (Native),
 * the size of an insert and the connection's settings are the engine's; an insert is under way while the next is made.
 *
 * Usage: plain-sink.js --bootstrap HOST:PORT --topic TOPIC [--url http://…] [--rows 50000]. Without a URL it starts
 * the test warehouse. Prints {"rows", "seconds"}: from the first batch to the last insert's answer.
 */
const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    topic: { type: 'string' },
    url: { type: 'string' },
    rows: { type: 'string', default: '50000' },
  },
})

const DATABASE = 'bench'
const TABLE = `${DATABASE}.${benchTable.name}`
const HEADER = 5

async function main(bootstrap: string, topic: string): Promise<{ rows: number; seconds: number }> {
  const server = values.url === undefined ? await startWarehouse() : undefined
  const url = values.url ?? server!.url
  const client = createClient({
    url,
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF },
  })
  const admin = await BenchAdmin.connect(bootstrap)
  const groupId = freshGroup('plain')
  const consumer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).consumer({ groupId })
  try {
    await client.command({ query: createDatabase(DATABASE) })
    await client.command({ query: `DROP TABLE IF EXISTS ${TABLE}` })
    await client.command({ query: createTable(benchTable, { database: DATABASE, retentionYears: 10 }) })
    const total = (await admin.ends(topic)).reduce((a, b) => a + b, 0)
    const seconds = await consume(consumer, client, topic, total)
    const counted = await client.query({ query: `SELECT count() AS n FROM ${TABLE}`, format: 'JSONEachRow' })
    const [{ n }] = (await counted.json<{ n: string }>()) as [{ n: string }]
    if (Number(n) !== total) throw new Error(`${n} rows arrived of ${total}`)
    return { rows: total, seconds }
  } finally {
    await consumer.disconnect()
    await admin.forget(groupId)
    await admin.close()
    await client.close()
    await server?.stop()
  }
}

/** Seconds it took. */
async function consume(
  consumer: Consumer,
  client: ClickHouseClient,
  topic: string,
  total: number,
): Promise<number> {
  const type = avsc.Type.forSchema(benchEvent.schema)
  let block = new NativeBlock(benchTable.columns, ORIGIN_COLUMNS)
  let rows = 0
  let inserting: Promise<void> = Promise.resolve()
  let begun = 0
  const insert = async () => {
    const full = block
    block = new NativeBlock(benchTable.columns, ORIGIN_COLUMNS)
    await inserting
    inserting = send(client, full)
  }
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  return new Promise<number>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    const eachBatch: NonNullable<Parameters<Consumer['run']>[0]>['eachBatch'] = async ({ batch }) => {
      begun ||= performance.now()
      for (const { value, offset } of batch.messages) {
        const event = type.decode(value!, HEADER).value as Record<string, unknown>
        block.append(event, [topic, batch.partition, Number(offset)])
        rows++
        if (block.rows >= Number(values.rows)) await insert()
      }
      if (rows < total) return
      await insert()
      await inserting
      resolve((performance.now() - begun) / 1000)
    }
    consumer.run({ eachBatch }).catch(reject)
  })
}

async function send(client: ClickHouseClient, block: NativeBlock): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${TABLE} (${block.columns.map(c => c.name).join(', ')}) FORMAT Native`,
    values: Readable.from([block.finish()]),
    // The test warehouse takes no insert without a token. None is ever used again.
    clickhouse_settings: { async_insert: 0, insert_deduplication_token: randomUUID() },
  })
  await finished(stream.resume())
}

try {
  if (values.bootstrap === undefined || values.topic === undefined)
    throw new Error('plain-sink: --bootstrap and --topic are needed')
  process.stdout.write(`${JSON.stringify(await main(values.bootstrap, values.topic))}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
