import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { configError } from '../../plugins/errors.ts'

export interface CsvFile {
  readonly path: string
  /** Relative to the folder, with `/`: the same on every machine. */
  readonly name: string
}

export interface FileVersion {
  /** Changes when the file does: size, time of change, and a hash of its beginning and end. */
  readonly fingerprint: string
  /** Time of change in UTC microseconds. */
  readonly modified: number
}

const READABLE = /\.(csv|tsv)(\.gz)?$/i
const EDGE = 65536

/** The file, or all of a folder and the folders in it in the order of their names. @throws ConnectorError config */
export async function listFiles(path: string, notice: (message: string) => void): Promise<CsvFile[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw configError(
      `cannot read ${path}: ${error.code === 'ENOENT' ? 'no such file or folder' : error.code}`,
      '/path',
    )
  })
  if (!found.isDirectory()) return [{ path, name: basename(path) }]
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  const paths = entries
    .filter(e => !e.isDirectory() && !e.name.startsWith('.'))
    .map(e => join(e.parentPath, e.name))
  const files = paths
    .filter(p => READABLE.test(p))
    .map(p => ({ path: p, name: relative(path, p).split(sep).join('/') }))
  const other = paths.length - files.length
  if (other > 0) notice(`${path}: ${other} files left alone, they end neither in .csv nor .tsv (.gz)`)
  if (files.length === 0) throw configError(`no .csv, .tsv, .csv.gz or .tsv.gz file in ${path}`, '/path')
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export async function versionOf(file: CsvFile): Promise<FileVersion> {
  const handle = await open(file.path).catch((error: NodeJS.ErrnoException) => {
    throw configError(`cannot read ${file.name}: ${error.code}`, '/path')
  })
  try {
    const { size, mtimeNs } = await handle.stat({ bigint: true })
    const hash = createHash('sha256')
    const edge = Buffer.alloc(EDGE)
    for (const position of [0, Math.max(0, Number(size) - EDGE)]) {
      const { bytesRead } = await handle.read(edge, 0, EDGE, position)
      hash.update(edge.subarray(0, bytesRead))
    }
    const modified = Number(mtimeNs / 1000n)
    return { fingerprint: `${size}-${modified}-${hash.digest('hex').slice(0, 16)}`, modified }
  } finally {
    await handle.close()
  }
}

/** The text of a file as UTF-8 bytes: unpacked, without its byte order mark, UTF-16 translated. */
export async function* contentOf(file: CsvFile): AsyncGenerator<Buffer> {
  let utf16: TextDecoder | null = null
  let head: Buffer | null = Buffer.alloc(0)
  const stream = createReadStream(file.path, { highWaterMark: 262144 })
  const unpacked = /\.gz$/i.test(file.path) ? stream.pipe(createGunzip({ chunkSize: 262144 })) : stream
  stream.once('error', error => unpacked.destroy(error))
  try {
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      let chunk = piece
      if (head) {
        head = Buffer.concat([head, chunk])
        if (head.length < 3) continue
        const begin: { skip: number; encoding: string | null } = markOf(head)
        if (begin.encoding) utf16 = new TextDecoder(begin.encoding, { ignoreBOM: true })
        chunk = head.subarray(begin.skip)
        head = null
      }
      yield utf16 ? Buffer.from(utf16.decode(chunk, { stream: true })) : chunk
    }
    if (head && head.length > 0) yield head
  } finally {
    stream.destroy()
    unpacked.destroy()
  }
}

function markOf(head: Buffer): { skip: number; encoding: string | null } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { skip: 3, encoding: null }
  if (head[0] === 0xff && head[1] === 0xfe) return { skip: 2, encoding: 'utf-16le' }
  if (head[0] === 0xfe && head[1] === 0xff) return { skip: 2, encoding: 'utf-16be' }
  return { skip: 0, encoding: null }
}

/** The first bytes of a file, enough for its header; what a damaged file still gives. */
export async function sampleOf(file: CsvFile, bytes = EDGE): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of contentOf(file)) {
      parts.push(chunk)
      length += chunk.length
      if (length >= bytes) break
    }
  } catch {
    // Reading the whole says what is wrong; the header may still be good.
  }
  return Buffer.concat(parts)
}
