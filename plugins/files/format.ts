import { readHead } from './chunks.ts'
import type { FileEntry } from './listing.ts'
import { headOfText } from './text.ts'

export interface TextFormat {
  readonly type: 'json'
  /** `lines`: a value a line. `values`: one array, or objects over several lines. */
  readonly layout: 'lines' | 'values'
}

export type Format = TextFormat | { readonly type: 'parquet' } | { readonly type: 'unknown' }

const HEAD = 64 * 1024

/**
 * What a file is, by its first bytes; its name decides only where they do not (a damaged file is still of the
 * kind its name says, and its rows are rejected with a reason).
 */
export async function formatOf(file: FileEntry): Promise<Format> {
  const magic = await readHead(file, 4)
  if (magic.toString('latin1') === 'PAR1' || /\.parquet$/i.test(file.name)) return { type: 'parquet' }
  const named = /\.(json|ndjson|jsonl)(\.gz)?$/i.exec(file.name)?.[1]?.toLowerCase()
  if (named === 'ndjson' || named === 'jsonl') return { type: 'json', layout: 'lines' }
  const text = (await headOfText(file, HEAD)).toString('utf8').trimStart()
  if (text.startsWith('[')) return { type: 'json', layout: 'values' }
  // `{` alone on its line begins an object written over several lines.
  if (text.startsWith('{')) return { type: 'json', layout: /^\{[ \t\r]*\n/.test(text) ? 'values' : 'lines' }
  return named ? { type: 'json', layout: 'lines' } : { type: 'unknown' }
}
