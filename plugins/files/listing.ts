import type { BigIntStats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { configError, RetryableError } from '../errors.ts'

/** A regular file as it was when it was listed. */
export interface FileEntry {
  readonly name: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Time of change in UTC microseconds. */
  readonly modified: number
  /** `size-mtime` (bytes, whole milliseconds): differs as soon as the file is written again. */
  readonly fingerprint: string
}

export interface Listing {
  readonly kind: 'file' | 'folder'
  /** Sorted by name (by code unit, so the order is the same on every machine). */
  readonly files: readonly FileEntry[]
  /** Names in the folder which are no regular files. */
  readonly others: readonly string[]
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined

export interface ListOptions {
  /** The files of folders in the folder, too: by their names from there on, with `/` on every machine. */
  readonly recursive?: boolean
}

/** What a path holds: the one file it names, or the files in the folder it names. */
export async function listFiles(path: string, { recursive = false }: ListOptions = {}): Promise<Listing> {
  try {
    const found = await stat(path, { bigint: true })
    if (found.isFile()) return { kind: 'file', files: [entry(basename(path), path, found)], others: [] }
    if (!found.isDirectory()) throw configError(`${path} is neither a file nor a folder`, '/path')
    const names = (await readdir(path, { recursive })).map(name => name.split(sep).join('/')).sort(byCodeUnit)
    const files: FileEntry[] = []
    const others: string[] = []
    for (const name of names) {
      const full = join(path, name)
      // A dangling link or a file removed since readdir counts as something else in the folder.
      const info = await stat(full, { bigint: true }).catch(() => null)
      if (info?.isFile()) files.push(entry(name, full, info))
      else if (!(recursive && info?.isDirectory())) others.push(name)
    }
    return { kind: 'folder', files, others }
  } catch (error) {
    throw asConnectorError(error, path)
  }
}

/** Throws RetryableError when the file is no longer what was listed: what was read may be torn. */
export async function assertUnchanged(file: FileEntry): Promise<void> {
  const now = await stat(file.path, { bigint: true }).catch((error: unknown) => {
    throw asReadError(error, file)
  })
  if (fingerprintOf(now) !== file.fingerprint)
    throw new RetryableError(`${file.name} changed while it was being read; it is read again in full`)
}

/** The error of a failed read of a listed file, as the harness understands it. */
export function asReadError(error: unknown, file: FileEntry): Error {
  const code = codeOf(error)
  if (code === 'ENOENT') return new RetryableError(`${file.name} vanished while it was being read`)
  if (code === 'EACCES' || code === 'EPERM')
    return configError(
      `${file.name} may not be read (${code}): give this process the right to read it`,
      '/path',
    )
  if (code !== undefined && /^E[A-Z]+$/.test(code))
    return new RetryableError(`${file.name} could not be read (${code})`, { cause: error })
  return error as Error
}

function asConnectorError(error: unknown, path: string): unknown {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return configError(`${path} does not exist`, '/path')
  if (code === 'EACCES' || code === 'EPERM')
    return configError(`${path} may not be read (${code}): give this process the right to read it`, '/path')
  return error
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const fingerprintOf = ({ size, mtimeNs }: BigIntStats) => `${size}-${mtimeNs / 1_000_000n}`

const entry = (name: string, path: string, stats: BigIntStats): FileEntry => ({
  name,
  path,
  size: Number(stats.size),
  modified: Number(stats.mtimeNs / 1000n),
  fingerprint: fingerprintOf(stats),
})
