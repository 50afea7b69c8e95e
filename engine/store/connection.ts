import { Agent } from 'node:https'
import { type ClickHouseClientConfigOptions, ClickHouseLogLevel } from '@clickhouse/client'
import { StratumError } from '../errors.ts'
import { type TlsFiles, tlsOptions } from './tls.ts'
import type { Place } from './trouble.ts'

/** How to reach a server over HTTP: the section `warehouse` of the settings. */
export interface Connection {
  readonly url: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Where tables are that are named without a database. */
  readonly database?: string | undefined
  /** How long a request may be silent. Longer than the slowest insert: 240 when left out. */
  readonly timeoutSeconds?: number | undefined
  /** Connections at once; 10 when left out. */
  readonly connections?: number | undefined
  /** gzip both ways; yes when left out. */
  readonly compression?: boolean | undefined
  readonly tls?: TlsFiles | undefined
}

/** Whatever fails is thrown, and told of in one line where it matters; the client's own lines hold stack traces. */
export const QUIET = { level: ClickHouseLogLevel.OFF } as const

/** Below the server's own keep-alive (3 s on old ones), or an idle socket is reset under an insert. */
const IDLE_SOCKET_MS = 2_000

export const placeOf = ({ url, user, password, timeoutSeconds }: Connection): Place => ({
  url,
  user: user || 'default',
  password: password ?? '',
  timeoutSeconds: timeoutSeconds ?? 240,
})

/** @throws StratumError CONFIG_INVALID: a URL that holds more than a place, a file that cannot be read */
export function clientOptions(connection: Connection): ClickHouseClientConfigOptions {
  const { connections = 10, compression = true } = connection
  const { user, password, timeoutSeconds } = placeOf(connection)
  const { origin, pathname, protocol } = checked(connection.url)
  const options: ClickHouseClientConfigOptions = {
    url: origin,
    username: user,
    password,
    application: 'stratum',
    log: QUIET,
    request_timeout: timeoutSeconds * 1000,
    max_open_connections: connections,
    compression: { request: compression, response: compression },
    // Eagerly: an engine that is busy looks at its timers late.
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS, eagerly_destroy_stale_sockets: true },
    // The client would take a path for the database.
    ...(pathname === '/' ? {} : { pathname }),
  }
  return protocol === 'https:' ? { ...options, ...secured(connection, connections) } : options
}

function checked(text: string): URL {
  const url = new URL(text)
  const invalid = (what: string) => new StratumError('CONFIG_INVALID', `warehouse.url: ${what}`)
  if (url.username || url.password)
    throw invalid('leave user and password out of it: warehouse.user, warehouse.password')
  if (url.search) throw invalid(`leave ${url.search} out of it`)
  return url
}

function secured(
  { tls = {}, user, password }: Connection,
  maxSockets: number,
): ClickHouseClientConfigOptions {
  const agent = new Agent({ keepAlive: true, maxSockets, ...tlsOptions('warehouse', tls) })
  if (!tls.cert || password) return { http_agent: agent }
  return {
    http_agent: agent,
    set_basic_auth_header: false,
    http_headers: { 'X-ClickHouse-User': user || 'default', 'X-ClickHouse-SSL-Certificate-Auth': 'on' },
  }
}
