import type { Connected } from '../../plugins/contract.ts'
import { configError, messageOf } from '../../plugins/errors.ts'
import { isBadData } from '../../plugins/files/bad-data.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'
import { ParquetDecoder } from '../../plugins/files/parquet/decoder.ts'
import { BigQuery } from './bigquery/client.ts'
import { exportTables } from './bigquery/tables.ts'
import type { Client } from './client.ts'
import { readFile } from './files.ts'
import { exportFiles } from './read.ts'
import type { Settings } from './settings.ts'

/** Is there an export or a property, and can it be read? Throws an error that says what is wrong. */
export async function check({ config, client, signal }: Connected<Settings, Client>): Promise<void> {
  if (client instanceof BigQuery) return checkTables(client)
  if (client !== null) await client.zone()
  if (config.path !== undefined) await checkFiles(config.path, signal)
}

/** A dataset without tables is good: the first one comes a day after the export was switched on. */
async function checkTables(client: BigQuery): Promise<void> {
  const last = exportTables(await client.tables()).at(-1)
  if (last !== undefined) await client.rows(last.id, 0)
}

async function checkFiles(path: string, signal: AbortSignal): Promise<void> {
  const files = await exportFiles(path, () => undefined)
  const decoder = new ParquetDecoder()
  try {
    let fault: string | null = null
    for (const file of files) {
      const found = await faultOf(decoder, file, signal)
      if (found === null) return
      fault ??= found
    }
    throw configError(`no events can be read from ${path}: ${fault}`, '/path')
  } finally {
    await decoder.end()
  }
}

/** Why the file gives no event at its beginning; null when it does. */
async function faultOf(
  decoder: ParquetDecoder,
  file: FileEntry,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    for await (const batch of readFile(decoder, file, 0, signal)) {
      if (batch.records.length > 0) return null
      const row = batch.rejected[0]
      if (row) return `${row.origin}: ${row.reason}`
    }
    return `${file.name} holds no rows`
  } catch (error) {
    if (isBadData(error)) return `${file.name}: ${messageOf(error)}`
    throw error
  }
}
