import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { messageOf, StratumError } from '../../errors.ts'
import { acquire } from '../../owner/lock.ts'
import { catalogueFiles, catalogueFolder } from './place.ts'
import type { PostgresOptions } from './postgres.ts'
import { PgliteStream, Turns } from './stream.ts'

/**
 * PostgreSQL in this process, in the data directory. Its first start takes some seconds, later ones under one. It
 * survives the end of the process at any moment, not a power cut: it never waits for the disk.
 * @throws StratumError DATA_DIR_IN_USE: another process has it open, which it does not see itself
 */
export async function startEmbedded(dataDir: string): Promise<PostgresOptions> {
  const release = await acquire(catalogueFolder(dataDir))
  try {
    const database = await open(dataDir)
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
      close: () => database.close().finally(release),
    }
  } catch (error) {
    release()
    throw error
  }
}

async function open(dataDir: string): Promise<PGlite> {
  const files = catalogueFiles(dataDir)
  try {
    if (!existsSync(files)) await make(files, join(catalogueFolder(dataDir), 'making'))
    return await PGlite.create(files)
  } catch (cause) {
    const what = `Catalogue: ${files} does not open: ${messageOf(cause)}`
    throw new StratumError('STORE_UNAVAILABLE', what, { cause })
  }
}

/** Beside its place, which it takes when it is whole: cut short, it would look like one. */
async function make(files: string, making: string): Promise<void> {
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { recursive: true })
  const database = await PGlite.create(making)
  await database.close()
  await rename(making, files)
}
