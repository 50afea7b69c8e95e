import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'

export type BinaryDb = Database<Buffer, Buffer>

/** `process`: survives any death of the process. `power`: every commit is flushed, survives a power cut. */
export type Durability = 'process' | 'power'

/** The LMDB environment of a data directory: log, positions, state and small settings in one file. */
export interface LogEnv {
  readonly root: RootDatabase<Buffer, Buffer>
  /** [topic id u32, partition u32, first offset f64 as u64] → frame */
  readonly frames: BinaryDb
  /** JSON cells: topic specs, ends, positions, fences. */
  readonly meta: Database<unknown, string>
  /** [store id u32, key] → state bytes */
  readonly state: BinaryDb
  closed: boolean
}

const fileIn = (dir: string) => join(dir, 'log.lmdb')

/** Whether a directory holds a log. Opening one where there is none makes it. */
export const holdsLog = (dir: string): boolean => existsSync(fileIn(dir))

export function openEnv(dir: string, options: { durability: Durability; readOnly?: boolean }): LogEnv {
  if (!options.readOnly) mkdirSync(dir, { recursive: true })
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  const root = open<Buffer, Buffer>({
    path: fileIn(dir),
    noSubdir: true,
    maxDbs: 8,
    ...binary,
    ...(options.durability === 'process' ? { noSync: true } : { overlappingSync: false }),
    ...(options.readOnly ? { readOnly: true } : {}),
  })
  return {
    root,
    frames: root.openDB<Buffer, Buffer>({ name: 'frames', ...binary }),
    meta: root.openDB<unknown, string>({ name: 'meta', encoding: 'json' }),
    state: root.openDB<Buffer, Buffer>({ name: 'state', ...binary }),
    closed: false,
  }
}
