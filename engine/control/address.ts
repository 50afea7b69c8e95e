import { mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { StratumError } from '../errors.ts'

/** The kernel takes 108 bytes with the final 0 on Linux and 104 on macOS (sun_path, unix(7)). */
const LONGEST = 103

const socketIn = (dir: string) => join(resolve(dir), 'control.sock')
const pointerIn = (dir: string) => join(resolve(dir), 'control.path')
const fits = (path: string) => Buffer.byteLength(path) <= LONGEST

/**
 * Where to listen: `control.sock` in the data directory, or a private folder of the temporary directory where that
 * path is too long for a socket; `control.path` in the data directory then says where.
 */
export function makeAddress(dir: string): { readonly path: string; remove(): void } {
  const path = socketIn(dir)
  removeFolder(readPointer(dir))
  if (fits(path)) {
    rmSync(pointerIn(dir), { force: true })
    return { path, remove: () => rmSync(path, { force: true }) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'stratum-'))
  const short = join(folder, 'control.sock')
  if (!fits(short)) {
    removeFolder(short)
    throw new StratumError(
      'CONFIG_INVALID',
      `${short} is too long for a socket: set TMPDIR or --data to a shorter path`,
    )
  }
  writeFileSync(pointerIn(dir), short, { mode: 0o600 })
  const remove = () => {
    rmSync(pointerIn(dir), { force: true })
    removeFolder(short)
  }
  return { path: short, remove }
}

/** Where an engine on this data directory listens, if one runs; '' when none does. */
export function findAddress(dir: string): string {
  const path = socketIn(dir)
  return fits(path) ? path : readPointer(dir)
}

function readPointer(dir: string): string {
  try {
    return readFileSync(pointerIn(dir), 'utf8')
  } catch {
    return ''
  }
}

/** The folder of a socket of ours, left by a killed engine perhaps. Never anything that is not empty then. */
function removeFolder(socket: string): void {
  if (basename(socket) !== 'control.sock' || !basename(dirname(socket)).startsWith('stratum-')) return
  try {
    rmSync(socket, { force: true })
    rmdirSync(dirname(socket))
  } catch {
    // Not there any more, or no longer ours: nothing depends on it.
  }
}
