import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Table, tableToIPC } from 'apache-arrow'
import type { Test } from 'tap'
import { type FileEntry, listFiles } from '../../../plugins/files/listing.ts'

type ParquetWasm = typeof import('parquet-wasm')
const wasm = createRequire(import.meta.url)('parquet-wasm') as ParquetWasm

/** A folder for one test, removed after it. */
export function folder(t: Pick<Test, 'teardown'>): string {
  const path = mkdtempSync(join(tmpdir(), 'stratum-files-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export async function fileOf(path: string): Promise<FileEntry> {
  return (await listFiles(path)).files[0]!
}

export async function write(dir: string, name: string, content: string | Uint8Array): Promise<FileEntry> {
  writeFileSync(join(dir, name), content)
  return fileOf(join(dir, name))
}

/** An Arrow table as the bytes of a Parquet file. */
export function parquetBytes(table: Table, rowGroup = 1_000_000): Uint8Array {
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(rowGroup).build()
  return wasm.writeParquet(wasm.Table.fromIPCStream(tableToIPC(table, 'stream')), properties)
}

export const live = (): AbortSignal => new AbortController().signal

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
