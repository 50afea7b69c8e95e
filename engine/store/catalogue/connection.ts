import { StratumError } from '../../errors.ts'
import type { TlsFiles } from '../tls.ts'
import { tlsOptions } from '../tls.ts'
import type { PostgresOptions } from './postgres.ts'

/** How to reach a server: the section `catalogue` of the settings. */
export interface CatalogueConnection {
  /** `postgresql://host:port/database`. */
  readonly url: string
  readonly user: string
  readonly password?: string | undefined
  /** How long a statement may take. */
  readonly timeoutSeconds?: number | undefined
  /** Connections at once. */
  readonly connections?: number | undefined
  readonly tls?: (TlsFiles & { readonly enabled?: boolean | undefined }) | undefined
}

const CONNECT_MS = 5_000
/** How much longer than the server a client waits, so that it is the server who says what is wrong. */
const GRACE_MS = 5_000

/** @throws StratumError CONFIG_INVALID: a URL that holds more or less than a place, a file that cannot be read */
export function connectionOptions(connection: CatalogueConnection): PostgresOptions {
  const { user, password = '', timeoutSeconds = 30, connections = 10, tls } = connection
  const { hostname, port, pathname } = checked(connection.url)
  const database = decodeURIComponent(pathname.slice(1))
  const host = decodeURIComponent(hostname).replace(/^\[|\]$/g, '')
  return {
    pool: {
      host,
      port: Number(port || 5432),
      database,
      user,
      ...(password === '' ? {} : { password }),
      ssl: tls?.enabled ? tlsOptions('catalogue', tls) : false,
      max: connections,
      application_name: 'stratum',
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
    limits: { serverMs: timeoutSeconds * 1000, silentMs: timeoutSeconds * 1000 + GRACE_MS },
    place: { url: connection.url, host, database, user, password, timeoutSeconds },
  }
}

const invalid = (what: string) => new StratumError('CONFIG_INVALID', `catalogue.${what}`)

function checked(text: string): URL {
  const url = new URL(text)
  if (url.username || url.password)
    throw invalid('url: leave user and password out of it: catalogue.user, catalogue.password')
  if (url.search) throw invalid(`url: leave ${url.search} out of it; TLS is catalogue.tls`)
  if (!/^\/[^/]+$/.test(url.pathname))
    throw invalid('url: name the database, as in postgresql://host:5432/stratum')
  return url
}
