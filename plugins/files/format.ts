import { readHead } from './chunks.ts'
import { gunzip } from './gunzip.ts'
import type { FileEntry } from './listing.ts'

export interface TextFormat {
  readonly type: 'json'
  /** `lines`: a value a line. `values`: one array, or objects over several lines. */
  readonly layout: 'lines' | 'values'
  readonly gzip: boolean
}

export type Format = TextFormat | { readonly type: 'parquet' } | { readonly type: 'unknown' }

const HEAD = 64 * 1024

/**
 * What a file is, by its first bytes; its name decides only where they do not (a damaged file is still of the
 * kind its name says, and its rows are rejected with a reason).
 */
export async function formatOf(file: FileEntry): Promise<Format> {
  const head = await readHead(file, HEAD)
  if (head.subarray(0, 4).toString('latin1') === 'PAR1' || /\.parquet$/i.test(file.name))
    return { type: 'parquet' }
  const gzip = head[0] === 0x1f && head[1] === 0x8b
  const text = (gzip ? await unzippedHead(head, file.name) : head)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  const named = /\.(json|ndjson|jsonl)(\.gz)?$/i.exec(file.name)?.[1]?.toLowerCase()
  if (named === 'ndjson' || named === 'jsonl') return { type: 'json', layout: 'lines', gzip }
  if (text.startsWith('[')) return { type: 'json', layout: 'values', gzip }
  if (text.startsWith('{')) {
    // `{` alone on its line begins an object written over several lines.
    return { type: 'json', layout: /^\{[ \t\r]*\n/.test(text) ? 'values' : 'lines', gzip }
  }
  return named ? { type: 'json', layout: 'lines', gzip } : { type: 'unknown' }
}

async function unzippedHead(head: Buffer, name: string): Promise<Buffer> {
  const whole = (async function* () {
    yield head
  })()
  try {
    for await (const piece of gunzip(whole, name)) return piece
  } catch {
    // Damaged from the start: the reader will say so.
  }
  return Buffer.alloc(0)
}
