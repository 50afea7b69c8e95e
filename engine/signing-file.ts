import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const fileIn = (dir: string) => join(dir, 'signing.key')

/** The seed a data directory keeps, in base64; null: none yet. */
export const keptSeed = (dir: string): string | null =>
  existsSync(fileIn(dir)) ? readFileSync(fileIn(dir), 'utf8').trim() : null

/** The seed a data directory keeps; the first time it is made, for its owner's eyes only, and whole on the disk. */
export function makeSeed(dir: string): string {
  const kept = keptSeed(dir)
  if (kept !== null) return kept
  mkdirSync(dir, { recursive: true })
  const draft = `${fileIn(dir)}.${process.pid}`
  rmSync(draft, { force: true })
  writeDurably(draft, `${randomBytes(32).toString('base64')}\n`)
  try {
    // Unlike a rename it never takes the place of one that another process has made meanwhile.
    linkSync(draft, fileIn(dir))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dir)
  return keptSeed(dir)!
}

function writeDurably(file: string, text: string): void {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Names in a folder survive a power cut once the folder is flushed too. */
export function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
