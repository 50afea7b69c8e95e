import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The part of a data directory that an embedded catalogue is in. */
export const catalogueFolder = (dataDir: string): string => join(dataDir, 'catalogue')

/** Its files; only there when it is whole. */
export const catalogueFiles = (dataDir: string): string => join(catalogueFolder(dataDir), 'data')

export const hasCatalogue = (dataDir: string): boolean => existsSync(catalogueFiles(dataDir))
