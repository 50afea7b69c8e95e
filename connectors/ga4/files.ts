import { PayloadError } from '../../plugins/errors.ts'
import { isBadData } from '../../plugins/files/bad-data.ts'
import { formatOf } from '../../plugins/files/format.ts'
import { assertUnchanged, type FileEntry } from '../../plugins/files/listing.ts'
import type { ParquetDecoder } from '../../plugins/files/parquet/decoder.ts'
import { readParquetFile } from './parquet-file.ts'
import { type FileBatch, readTextFile } from './text-file.ts'
import { notAnExport } from './trouble.ts'

/**
 * One file, whatever its form. A file that cannot be read (to its end) gives a rejected row and no error, so that
 * the next one is read. Nothing is handed on that was read while the file changed.
 */
export async function* readFile(
  decoder: ParquetDecoder,
  file: FileEntry,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<FileBatch, void, void> {
  let rows = from
  try {
    for await (const batch of open(decoder, file, from, signal)) {
      await assertUnchanged(file)
      rows = batch.rows
      yield batch
    }
  } catch (error) {
    if (!isBadData(error)) throw error
    await assertUnchanged(file)
    yield { records: [], rejected: [{ reason: error.message, origin: file.name, bytes: null }], rows }
  }
}

async function* open(
  decoder: ParquetDecoder,
  file: FileEntry,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<FileBatch, void, void> {
  if (file.size === 0) throw new PayloadError('empty file', { origin: file.name })
  const format = await formatOf(file)
  if (format.type === 'unknown') throw notAnExport(file)
  if (format.type === 'parquet') yield* readParquetFile(decoder, file, from, signal)
  else yield* readTextFile(file, format, from, signal)
}
