import { readFile } from 'node:fs/promises'
import { configError, messageOf } from '../../../plugins/errors.ts'
import { stringifyExact } from '../messages/exact-json.ts'
import type { Settings } from '../settings.ts'
import type { Tap } from '../tap/launch.ts'
import { type Catalog, catalogOf, discover } from './discover.ts'
import { selected } from './select.ts'

/**
 * The catalog that the tap is given: the configured one, or what it offers with the wanted streams selected. null:
 * the tap takes none.
 */
export async function catalogFor(tap: Tap, settings: Settings, signal: AbortSignal): Promise<Catalog | null> {
  if (settings.catalog_option === 'none') return null
  if (settings.catalog === undefined) return selected(await discover(tap, signal), settings)
  try {
    return catalogOf(await textOf(settings.catalog), 'the setting')
  } catch (error) {
    throw configError(messageOf(error).replace(/^\/catalog: /, ''), '/catalog')
  }
}

async function textOf(catalog: unknown): Promise<string> {
  if (typeof catalog !== 'string') return JSON.stringify(catalog)
  return readFile(catalog, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw configError(`cannot read ${catalog}: ${error.code === 'ENOENT' ? 'no such file' : error.code}`)
  })
}

export const textOfCatalog = (catalog: Catalog | null): string | null => catalog && stringifyExact(catalog)
