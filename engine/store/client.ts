import type { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { StratumError } from '../errors.ts'
import { parseExact } from './exact.ts'
import type { Once } from './once.ts'
import { type Place, translate } from './trouble.ts'
import type { InsertBlock, QueryOptions, Warehouse } from './warehouse.ts'

export type Settings = Readonly<Record<string, string | number>>

/**
 * Numbers as numbers. And no row before the last one is made: what fails half-way is an exception then, and not a
 * row that says so or an end too early.
 */
const ANSWER = { output_format_json_quote_64bit_integers: 0, wait_end_of_query: 1 } as const
/** 2: settings may be given with the query, data may not be changed. */
const READ_ONLY = { readonly: '2' } as const

/** What a person is shown is read whole: more than this would hold up and swell the engine that answers. */
const SHOWN_BYTES = 32 * 1024 * 1024

/** Waited for, and known again by its token when it is repeated. */
const INSERT = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  deduplicate_insert: 'enable',
  deduplicate_blocks_in_dependent_materialized_views: 1,
  max_partitions_per_insert_block: 0,
  // One insert is one block: a token covers all of it.
  max_insert_block_size: 1_000_000,
  max_block_size: 1_000_000,
  min_insert_block_size_rows: 0,
  min_insert_block_size_bytes: 0,
} as const

export interface Parts {
  /** What writes. */
  readonly client: ClickHouseClient
  /** What answers read-only queries. */
  readonly reading: Once<ClickHouseClient>
  readonly send: (block: InsertBlock, settings: Settings, signal?: AbortSignal) => Promise<void>
  readonly place: Place | null
}

/** What chDB and a server have in common. */
export class ClickHouse implements Warehouse {
  readonly #client: ClickHouseClient
  readonly #reading: Once<ClickHouseClient>
  readonly #send: Parts['send']
  readonly #place: Place | null

  constructor({ client, reading, send, place }: Parts) {
    this.#client = client
    this.#reading = reading
    this.#send = send
    this.#place = place
  }

  async query<T>(
    sql: string,
    params: Readonly<Record<string, unknown>> = {},
    { readonly = false, signal }: QueryOptions = {},
  ): Promise<T[]> {
    try {
      const client = readonly ? await this.#reading.get() : this.#client
      const answer = await client.query({
        query: sql,
        query_params: { ...params },
        format: 'JSONEachRow',
        clickhouse_settings: { ...ANSWER, ...(readonly ? READ_ONLY : {}) },
        ...(signal ? { abort_signal: signal } : {}),
      })
      return (await answer.json()) as T[]
    } catch (error) {
      signal?.throwIfAborted()
      throw translate(error, this.#place)
    }
  }

  async show(sql: string, signal?: AbortSignal): Promise<Record<string, unknown>[]> {
    try {
      const client = await this.#reading.get()
      // The format beside the statement, not behind it: an error then quotes what the person wrote.
      const { stream } = await client.exec({
        query: sql,
        clickhouse_settings: { ...ANSWER, ...READ_ONLY, default_format: 'JSONEachRow' } as never,
        ...(signal ? { abort_signal: signal } : {}),
      })
      return parseExact(await upTo(SHOWN_BYTES, stream))
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof StratumError) throw error
      // An insert that meets a read-only server may be tried again; a statement that writes may not be asked here.
      const { code, message } = translate(error, this.#place)
      throw new StratumError(/readonly mode/.test(message) ? 'STORE_REFUSED' : code, message, {
        cause: error,
      })
    }
  }

  async command(sql: string, settings: Settings = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, clickhouse_settings: settings as never })
    } catch (error) {
      throw translate(error, this.#place)
    }
  }

  async insert(block: InsertBlock, signal?: AbortSignal): Promise<void> {
    try {
      await this.#send(block, { ...INSERT, insert_deduplication_token: block.token }, signal)
    } catch (error) {
      throw translate(error, this.#place)
    }
  }

  async close(): Promise<void> {
    await (await this.#reading.made())?.close()
    await this.#client.close()
  }
}

/** A text of no more than so many bytes. STORE_REFUSED when there is more. */
async function upTo(bytes: number, from: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of from) {
    size += (chunk as Buffer).length
    if (size > bytes)
      throw new StratumError(
        'STORE_REFUSED',
        `the result is larger than ${bytes >> 20} MB: ask for less (LIMIT), or for sums`,
      )
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}
