import { configError } from '../../plugins/errors.ts'
import { type FileEntry, listFiles } from '../../plugins/files/listing.ts'

const READABLE = /\.(csv|tsv)(\.gz)?$/i
const HIDDEN = /(^|\/)\.[^/]*$/

/** The file a path names, or all of a folder and the folders in it, in the order of their names. */
export async function spendFiles(
  path: string,
  notice: (message: string) => void,
): Promise<readonly FileEntry[]> {
  const { kind, files, others } = await listFiles(path, { recursive: true })
  if (kind === 'file') return files
  const seen = files.filter(({ name }) => !HIDDEN.test(name))
  const readable = seen.filter(({ name }) => READABLE.test(name))
  const other = seen.length - readable.length + others.length
  if (other > 0) notice(`${path}: ${other} files left alone, they end neither in .csv nor .tsv (.gz)`)
  if (readable.length === 0) throw configError(`no .csv, .tsv, .csv.gz or .tsv.gz file in ${path}`, '/path')
  return readable
}
