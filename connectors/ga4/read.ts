import type { ReadBatch, StreamContext } from '../../plugins/contract.ts'
import { type FileEntry, listFiles } from '../../plugins/files/listing.ts'
import { ParquetDecoder } from '../../plugins/files/parquet/decoder.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { readFile } from './files.ts'
import { type Ga4State, progressOf, resumeAt, stateOf } from './state.ts'
import { selectTables } from './tables.ts'
import type { FileBatch } from './text-file.ts'
import { noExports } from './trouble.ts'

/** The export files a path means, in the order they are read. */
export async function exportFiles(
  path: string,
  notice: (line: string) => void,
): Promise<readonly FileEntry[]> {
  const listing = await listFiles(path)
  if (listing.kind === 'file') return listing.files
  const { files, notices } = selectTables(listing.files, listing.others)
  for (const line of notices) notice(line)
  if (files.length === 0) throw noExports(path, notices.length === 0)
  return files
}

/** All events of all files behind `state`: files by name, rows in file order. */
export async function* readEvents(
  context: Pick<StreamContext<unknown, Ga4State>, 'state' | 'signal' | 'notice'>,
  path: string,
): AsyncGenerator<ReadBatch<EventRecord, Ga4State>, void, void> {
  const { signal } = context
  const files = await exportFiles(path, line => context.notice(line))
  const progress = progressOf(
    context.state,
    files.map(file => file.name),
  )
  const decoder = new ParquetDecoder()
  try {
    for (const file of files) {
      const from = resumeAt(progress, file)
      if (from === null) continue
      const { name, fingerprint } = file
      const batch = (read: FileBatch, done: boolean): ReadBatch<EventRecord, Ga4State> => {
        progress[name] = { fingerprint, rows: read.rows, done }
        return { records: read.records, rejected: read.rejected, state: stateOf(progress) }
      }
      // One batch is held back, so that the last one says that the file is done.
      let held: FileBatch = { records: [], rejected: [], rows: from }
      let first = true
      for await (const read of readFile(decoder, file, from, signal)) {
        signal.throwIfAborted()
        if (!first) yield batch(held, false)
        held = read
        first = false
      }
      yield batch(held, true)
    }
  } finally {
    await decoder.end()
  }
}
