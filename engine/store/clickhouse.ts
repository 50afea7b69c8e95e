import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { StratumError } from '../errors.ts'
import { parseExact } from './exact.ts'
import { scratchFile, sweepScratch } from './scratch.ts'
import type { InsertBlock, QueryOptions, Warehouse } from './warehouse.ts'

/** Server errors after which the same insert may be tried again: `conventions.md` of the specification, 5.1. */
const RETRYABLE = new Set([3, 159, 164, 202, 203, 209, 210, 241, 242, 243, 252, 285, 319, 425, 999, 1002])

/** Errors of writing, opening, closing, truncating a file, making a folder, and of the libraries that do so. */
const FILE_ERRORS = new Set([75, 76, 77, 88, 481, 1000, 1001])
/** Of these the ones that pass when somebody makes room; another fault of a file does not pass by itself. */
const NO_ROOM = /No space left on device|Disk quota exceeded/

/**
 * chDB (ClickHouse in process) on a directory of its own. Every call opens one more connection to it; `database` is
 * where read-only queries look for a table that is named without one.
 */
export async function openChdb(dir: string, database?: string): Promise<Warehouse> {
  mkdirSync(dir, { recursive: true })
  sweepScratch(dir)
  // Loaded when needed: the library is half a gigabyte, and most commands do not touch the warehouse.
  const { createChdbConnection } = await import('chdb/connection')
  const connect = () =>
    createClient({
      connection: createChdbConnection({ path: `${dir}/chdb` }),
      log: QUIET,
    } as never) as ClickHouseClient
  const client = connect()
  // Settings of chDB stay with their connection: one that has been told to only read can write no more.
  const reading = once(async () => {
    const reader = connect()
    if (database !== undefined) await reader.command({ query: `USE ${database}` }).catch(() => {})
    return reader
  })
  return new ClickHouse(client, reading, async (block, settings) => {
    // chDB takes query text only, so the bytes go through a file. Its insert-select has to be told to deduplicate.
    const scratch = scratchFile(dir)
    writeFileSync(scratch, block.native)
    const names = block.columns.map(c => c.name).join(', ')
    const structure = block.columns.map(c => `${c.name} ${c.type}`).join(', ')
    try {
      await client.command({
        query: `INSERT INTO ${block.database}.${block.table} (${names}) SELECT ${names} FROM file({path:String}, 'Native', {structure:String})`,
        query_params: { path: scratch, structure },
        clickhouse_settings: { ...settings, deduplicate_insert_select: 'force_enable' } as never,
      })
    } finally {
      rmSync(scratch, { force: true })
    }
  })
}

/** A ClickHouse server over HTTP. */
export function openClickHouse(connection: {
  url: string
  user?: string | undefined
  password?: string | undefined
  database?: string | undefined
}): Warehouse {
  const { url, user, password, database } = connection
  const connect = (more: { database?: string }) =>
    createClient({
      url,
      log: QUIET,
      ...(user ? { username: user } : {}),
      ...(password ? { password } : {}),
      ...more,
      request_timeout: 240_000,
      compression: { request: true, response: true },
      // Below the server's own keep-alive (3 s on old ones), or an idle socket is reset under an insert.
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    })
  const client = connect({})
  const reading = once(async () => connect(database === undefined ? {} : { database }))
  const unknown = once(() => unknownSettings(client))
  return new ClickHouse(client, reading, async (block, settings) => {
    const names = block.columns.map(c => c.name).join(', ')
    const left = await unknown.get()
    const known = Object.entries(settings).filter(([name]) => !left.includes(name))
    const { stream } = await client.exec({
      query: `INSERT INTO ${block.database}.${block.table} (${names}) FORMAT Native`,
      values: Readable.from([block.native]),
      clickhouse_settings: Object.fromEntries(known) as never,
    })
    stream.resume()
  })
}

/** Of the settings of an insert, what a server of before 26.2 refuses for not knowing it; it does without. */
const RECENT = ['deduplicate_insert']

async function unknownSettings(client: ClickHouseClient): Promise<string[]> {
  const missing: string[] = []
  for (const name of RECENT) {
    const answer = await client.query({
      query: 'SELECT count() AS n FROM system.settings WHERE name = {name:String}',
      query_params: { name },
      format: 'JSONEachRow',
    })
    const [row] = await answer.json<{ n: number | string }>()
    if (Number(row?.n) === 0) missing.push(name)
  }
  return missing
}

/** Whatever fails is thrown, and told of in one line where it matters; the client's own lines hold stack traces. */
const QUIET = { level: ClickHouseLogLevel.OFF } as const

type Settings = Readonly<Record<string, string | number>>

const UNQUOTED = { output_format_json_quote_64bit_integers: 0 } as const
/** 2: settings may be given with the query, data may not be changed. */
const READ_ONLY = { readonly: '2' } as const

/** What a person is shown is read whole: more than this would hold up and swell the engine that answers. */
const SHOWN_BYTES = 32 * 1024 * 1024

interface Once<T> {
  get(): Promise<T>
  /** What there is already; null where nobody has asked. */
  made(): Promise<T> | null
}

function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | null = null
  return {
    get() {
      made ??= make().catch(error => {
        // A store that was away is asked again.
        made = null
        throw error
      })
      return made
    },
    made: () => made,
  }
}

class ClickHouse implements Warehouse {
  readonly #client: ClickHouseClient
  readonly #reading: Once<ClickHouseClient>
  readonly #send: (block: InsertBlock, settings: Settings) => Promise<void>

  constructor(
    client: ClickHouseClient,
    reading: Once<ClickHouseClient>,
    send: (block: InsertBlock, settings: Settings) => Promise<void>,
  ) {
    this.#client = client
    this.#reading = reading
    this.#send = send
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
        clickhouse_settings: { ...UNQUOTED, ...(readonly ? READ_ONLY : {}) },
        ...(signal ? { abort_signal: signal } : {}),
      })
      return (await answer.json()) as T[]
    } catch (error) {
      signal?.throwIfAborted()
      throw translate(error)
    }
  }

  async show(sql: string, signal?: AbortSignal): Promise<Record<string, unknown>[]> {
    try {
      const client = await this.#reading.get()
      // The format beside the statement, not behind it: an error then quotes what the person wrote.
      const { stream } = await client.exec({
        query: sql,
        clickhouse_settings: { ...UNQUOTED, ...READ_ONLY, default_format: 'JSONEachRow' } as never,
        ...(signal ? { abort_signal: signal } : {}),
      })
      return parseExact(await upTo(SHOWN_BYTES, stream))
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof StratumError) throw error
      // An insert that meets a read-only server may be tried again; a statement that writes may not be asked here.
      const { code, message } = translate(error)
      throw new StratumError(/readonly mode/.test(message) ? 'STORE_REFUSED' : code, message, {
        cause: error,
      })
    }
  }

  async command(sql: string, settings: Settings = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, clickhouse_settings: settings as never })
    } catch (error) {
      throw translate(error)
    }
  }

  async insert(block: InsertBlock): Promise<void> {
    try {
      await this.#send(block, {
        async_insert: 0,
        wait_end_of_query: 1,
        insert_deduplicate: 1,
        deduplicate_insert: 'enable',
        deduplicate_blocks_in_dependent_materialized_views: 1,
        insert_deduplication_token: block.token,
        max_partitions_per_insert_block: 0,
        // One insert is one block: a token covers all of it.
        max_insert_block_size: 1_000_000,
        max_block_size: 1_000_000,
        min_insert_block_size_rows: 0,
        min_insert_block_size_bytes: 0,
      })
    } catch (error) {
      throw translate(error)
    }
  }

  async close(): Promise<void> {
    await (await this.#reading.made())?.close()
    await this.#client.close()
  }
}

/** Refusals of the query or the rows stay refusals; whatever else went wrong may be tried again. */
function translate(error: unknown): StratumError {
  const { message = String(error), code } = error as { message?: string; code?: string | number }
  const line = message.replace(/\s+/g, ' ').slice(0, 500) || 'an error without a word'
  const number = Number(code ?? /Code: (\d+)/.exec(message)?.[1])
  const retryable = RETRYABLE.has(number) || (FILE_ERRORS.has(number) && NO_ROOM.test(message))
  const refused = Number.isInteger(number) && number > 0 && !retryable
  return new StratumError(refused ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE', `ClickHouse: ${line}`, {
    cause: error,
  })
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
