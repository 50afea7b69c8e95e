import { TextDecoder } from 'node:util'
import { isBadData } from './bad-data.ts'
import { readChunks, readHead } from './chunks.ts'
import { gunzip } from './gunzip.ts'
import type { FileEntry } from './listing.ts'

const ZIPPED_CHUNK = 64 * 1024

/**
 * The text of a file as UTF-8 bytes: unzipped (gzip by its first bytes or by its name), without its byte order mark,
 * UTF-16 translated where that mark says so.
 */
export async function* readText(file: FileEntry, signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
  const zipped = /\.gz$/i.test(file.name) || (await readHead(file, 2)).equals(GZIP)
  const chunks = readChunks(file, signal, zipped ? ZIPPED_CHUNK : undefined)
  yield* asUtf8(zipped ? gunzip(chunks, file.name) : chunks)
}

/** The first bytes of a file's text; of a damaged one, what there is. Whoever reads the whole is told of the damage. */
export async function headOfText(file: FileEntry, size: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of readText(file, new AbortController().signal)) {
      parts.push(chunk)
      length += chunk.length
      if (length >= size) break
    }
  } catch (error) {
    if (!isBadData(error)) throw error
  }
  return Buffer.concat(parts).subarray(0, size)
}

const GZIP = Buffer.from([0x1f, 0x8b])

const MARKS = [
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), encoding: null },
  { mark: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
] as const

async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let head: Buffer | null = Buffer.alloc(0)
  let decoder: TextDecoder | null = null
  const begin = (bytes: Buffer): Buffer => {
    head = null
    const found = MARKS.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark))
    if (found?.encoding) decoder = new TextDecoder(found.encoding, { ignoreBOM: true })
    return bytes.subarray(found?.mark.length ?? 0)
  }
  const decode = (bytes: Buffer, stream: boolean) =>
    decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream }))
  for await (const chunk of chunks) {
    if (head === null) {
      yield decode(chunk, true)
      continue
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    if (head.length >= 3) yield decode(begin(head), true)
  }
  // A file shorter than a mark; of UTF-16, half a character at its end.
  const rest = decode(head === null ? Buffer.alloc(0) : begin(head), false)
  if (rest.length > 0) yield rest
}
