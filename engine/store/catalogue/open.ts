import type { CatalogueConnection } from './connection.ts'
import type { Catalogue, Migration } from './port.ts'

export interface CatalogueOptions extends Partial<CatalogueConnection> {
  readonly migrations?: readonly Migration[]
}

/** The catalogue of these settings: on the server at `url`, or embedded in the data directory. */
export async function openCatalogue(dataDir: string, options: CatalogueOptions = {}): Promise<Catalogue> {
  // PGlite is 27 MB and its client not small: who asks no catalogue loads neither.
  const { PostgresCatalogue } = await import('./postgres.ts')
  const { migrations, url, user = 'stratum', ...how } = options
  const more = migrations === undefined ? {} : { migrations }
  if (url !== undefined) {
    const { connectionOptions } = await import('./connection.ts')
    return new PostgresCatalogue({ ...connectionOptions({ url, user, ...how }), ...more })
  }
  const { startEmbedded } = await import('./embedded.ts')
  return new PostgresCatalogue({ ...(await startEmbedded(dataDir)), ...more })
}
