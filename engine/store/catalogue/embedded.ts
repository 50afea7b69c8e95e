import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { messageOf, StratumError } from '../../errors.ts'
import type { PostgresOptions } from './postgres.ts'
import { PgliteStream, Turns } from './stream.ts'

const NAME = 'catalogue'

/** Whether a data directory has a catalogue. */
export const hasCatalogue = (dataDir: string): boolean => existsSync(join(dataDir, NAME))

/**
 * PostgreSQL in this process, in the data directory. Its first start takes some seconds, later ones under one. It
 * survives the end of the process at any moment, not a power cut: it never waits for the disk.
 */
export async function startEmbedded(dataDir: string): Promise<PostgresOptions> {
  const dir = join(dataDir, NAME)
  try {
    if (!existsSync(dir)) await make(dir)
    const database = await PGlite.create(dir)
    const turns = new Turns(database)
    return {
      pool: {
        max: 1,
        idleTimeoutMillis: 0,
        stream: () => new PgliteStream(turns),
        user: 'postgres',
        ssl: false,
      },
      limits: { serverMs: 0, silentMs: 0 },
      place: null,
      close: () => database.close(),
    }
  } catch (error) {
    throw new StratumError('STORE_UNAVAILABLE', `Catalogue: ${dir} does not open: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** Beside its place, which it takes when it is whole: cut short, it would look like one. */
async function make(dir: string): Promise<void> {
  const making = `${dir}.making`
  await rm(making, { recursive: true, force: true })
  const database = await PGlite.create(making)
  await database.close()
  await rename(making, dir)
}
