import type { Test } from 'tap'
import { connectionOptions } from '../../../engine/store/catalogue/connection.ts'
import type { Catalogue } from '../../../engine/store/catalogue/port.ts'
import { PostgresCatalogue } from '../../../engine/store/catalogue/postgres.ts'
import { type PostgresServer, startPostgres } from '../../support/servers/postgres.ts'

export interface CatalogueServer {
  readonly server: PostgresServer
  /** `host:port`. */
  readonly address: string
  /** Its one database; another `address` leads there by a proxy. */
  open(address?: string, timeoutSeconds?: number): Catalogue
}

export async function startCatalogue(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
): Promise<CatalogueServer> {
  const server = await startPostgres(settings)
  const opened: Catalogue[] = []
  t.teardown(async () => {
    for (const catalogue of opened) await catalogue.close()
    await server.stop()
  })
  const { host: address } = new URL(server.url)
  return {
    server,
    address,
    open(at = address, timeoutSeconds = 30) {
      const url = `postgresql://${at}/stratum`
      const catalogue = new PostgresCatalogue(connectionOptions({ url, user: 'stratum', timeoutSeconds }))
      opened.push(catalogue)
      return catalogue
    },
  }
}
