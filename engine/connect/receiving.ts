import { randomUUID } from 'node:crypto'
import { LiveTenants } from '../clock/live.ts'
import { StratumError } from '../errors.ts'
import { partitionOf } from '../log/partition.ts'
import type { LogRecord, LogWriter } from '../log/port.ts'
import type { Stores } from '../runtime/stores.ts'
import { sourceContext } from '../source/context.ts'
import type { Delivery, Received } from '../source/delivery.ts'
import { encodedBatch } from '../source/encode.ts'
import { lettersOf } from '../source/letters.ts'
import type { RejectedRow, Source, SourceConfig } from '../source/port.ts'
import { RawEncoder } from '../source/raw.ts'
import { rawTopic } from '../stage/layout.ts'
import { type Connection, logName } from './connections.ts'

/** How long a connection's settings are taken for what they were. Milliseconds. */
const FRESH_MS = 5_000
/** Of settings that are kept in mind. */
const KEPT = 1_000

interface Known {
  readonly connection: Connection
  readonly source: Source
  readonly config: SourceConfig
  readonly until: number
}

/**
 * Takes in what platforms send by themselves: it is in the log, and survives whatever comes, before they are told
 * that it has arrived. What is sent twice is told by its id, as everywhere.
 */
export class Receiving {
  readonly #stores: Stores
  readonly #known = new Map<string, Known>()
  #writer: Promise<LogWriter> | null = null
  #live: Promise<LiveTenants> | null = null

  constructor(stores: Stores) {
    this.#stores = stores
  }

  /**
   * Resolves when it is kept; how many records that were.
   * @throws NOT_FOUND: no such connection, or it takes nothing; PAUSED; the connector's own error (auth: not signed
   * as it must be); STORE_UNAVAILABLE: it may be sent again
   */
  async receive(tenant: string, name: string, delivery: Delivery): Promise<number> {
    const { connection, source, config } = await this.#of(tenant, name)
    if (connection.isPaused) throw new StratumError('PAUSED', `${logName(connection)} is paused`)
    const { clock } = this.#stores.options
    const received = source.receive!(delivery, sourceContext({ config, clock }))
    const kept = await this.#keep(connection, source, received)
    if (received.sync) await (await this.#stores.connect()).connections.callFor(tenant, name)
    return kept
  }

  async #keep(connection: Connection, source: Source, { batches }: Received): Promise<number> {
    const { codec, layout, options } = this.#stores
    const { tenant } = connection
    const topic = rawTopic(source.id)
    const partition = partitionOf(tenant, layout.partitions(topic))
    const time = options.clock()
    const records: LogRecord[] = []
    const letters: { stream: string; rejected: readonly RejectedRow[] }[] = []
    for (const batch of batches) {
      const stream = source.streams.find(s => s.name === batch.stream)
      if (!stream) throw new RangeError(`${source.id} has no stream ${batch.stream}`)
      const encoder = new RawEncoder({
        codec,
        source: source.id,
        stream,
        tenant,
        connection: logName(connection),
      })
      const encoded = encodedBatch(stream, encoder, { ...batch, state: null }, time)
      records.push(...encoded.records)
      if (encoded.rejected.length > 0) letters.push({ stream: stream.name, rejected: encoded.rejected })
    }
    if (records.length + letters.length === 0) return 0
    this.#live ??= LiveTenants.open(this.#stores.log)
    await (await this.#live).add(tenant, new Date(time / 1000).toISOString())
    const about = {
      tenant,
      source: source.id,
      connection: logName(connection),
      codec,
      layout,
      dataDir: options.dataDir,
    }
    const writer = await this.#open()
    try {
      await writer.commit({
        appends: [
          { topic, partition, records },
          ...letters.map(({ stream, rejected }) =>
            lettersOf({ ...about, stream, rejected, time, topic, partition }),
          ),
        ],
      })
    } catch (error) {
      // A producer that has failed is no use any more; the sender tries again.
      this.#writer = null
      await writer.close().catch(() => {})
      throw error
    }
    return records.length
  }

  /** Of its own in each process: those who receive for one connection do not fence each other off. */
  #open(): Promise<LogWriter> {
    const name = this.#stores.options.kafka ? `receive/${randomUUID()}` : 'receive'
    this.#writer ??= this.#stores.log.writer(name).catch(error => {
      this.#writer = null
      throw error
    })
    return this.#writer
  }

  async #of(tenant: string, name: string): Promise<Known> {
    const key = `${tenant}/${name}`
    const known = this.#known.get(key)
    if (known && known.until > performance.now()) return known
    const { connections } = await this.#stores.connect()
    const connection = await connections.get(tenant, name)
    const source = this.#stores.app.sources.find(s => s.id === connection.source)
    if (!source?.receive) throw new StratumError('NOT_FOUND', `${logName(connection)} takes no deliveries`)
    const config = await connections.config(connection)
    const fresh = { connection, source, config, until: performance.now() + FRESH_MS }
    if (this.#known.size >= KEPT) this.#known.clear()
    this.#known.set(key, fresh)
    return fresh
  }

  async close(): Promise<void> {
    await (await this.#writer?.catch(() => null))?.close()
  }
}
