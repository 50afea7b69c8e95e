import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { ClickHouse, type Settings } from './client.ts'
import { type Connection, clientOptions, placeOf, QUIET } from './connection.ts'
import { once } from './once.ts'
import { scratchFile, sweepScratch } from './scratch.ts'
import type { InsertBlock, Warehouse } from './warehouse.ts'

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
  const send = async (block: InsertBlock, settings: Settings) => {
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
  }
  return new ClickHouse({ client, reading, send, place: null })
}

/**
 * A ClickHouse server over HTTP. Connects with the first question.
 * @throws StratumError CONFIG_INVALID: see `clientOptions`
 */
export function openClickHouse(connection: Connection): Warehouse {
  const { database } = connection
  const options = clientOptions(connection)
  const client = createClient(options)
  const reading = once(async () => createClient(database === undefined ? options : { ...options, database }))
  const unknown = once(() => unknownSettings(client))
  const send = async (block: InsertBlock, settings: Settings, signal?: AbortSignal) => {
    const names = block.columns.map(c => c.name).join(', ')
    const left = await unknown.get()
    const known = Object.entries(settings).filter(([name]) => !left.includes(name))
    const { stream } = await client.exec({
      query: `INSERT INTO ${block.database}.${block.table} (${names}) FORMAT Native`,
      values: Readable.from([block.native]),
      clickhouse_settings: Object.fromEntries(known) as never,
      ...(signal ? { abort_signal: signal } : {}),
    })
    // To its end: an answer that is cut off is none.
    await finished(stream.resume())
  }
  return new ClickHouse({ client, reading, send, place: placeOf(connection) })
}

/** Of the settings of an insert, those that not every server knows; one refuses what it does not know. */
const RECENT = ['deduplicate_insert', 'deduplicate_blocks_in_dependent_materialized_views']

async function unknownSettings(client: ClickHouseClient): Promise<string[]> {
  const answer = await client.query({
    query: 'SELECT name FROM system.settings WHERE name IN {names:Array(String)}',
    query_params: { names: RECENT },
    format: 'JSONEachRow',
  })
  const known = (await answer.json<{ name: string }>()).map(row => row.name)
  return RECENT.filter(name => !known.includes(name))
}
