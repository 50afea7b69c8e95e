import type { RedisOptions } from 'ioredis'
import { StratumError } from '../../errors.ts'
import type { TlsFiles } from '../tls.ts'
import { tlsOptions } from '../tls.ts'
import type { Place } from './trouble.ts'

/** How to reach a server: the section `cache` of the settings. */
export interface CacheConnection {
  /** `redis://host:port/database`; `rediss:` is TLS. */
  readonly url: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** What all keys begin with; `stratum:` when left out. */
  readonly prefix?: string | undefined
  /** How long an answer is waited for; 1000 when left out. */
  readonly timeoutMs?: number | undefined
  readonly tls?: TlsFiles | undefined
}

/** Answers are as before RESP3. */
export type ClientOptions = RedisOptions & { readonly replyMapping: 'legacy' }

/** @throws StratumError CONFIG_INVALID: a URL that holds more than a place, a file that cannot be read */
export function clientOptions(connection: CacheConnection): { options: ClientOptions; place: Place } {
  const { url, user, password = '', timeoutMs = 1000, tls = {} } = connection
  const { protocol, hostname, port, pathname } = checked(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const options: ClientOptions = {
    host,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(user ? { username: user } : {}),
    ...(password ? { password } : {}),
    connectionName: 'stratum',
    protocol: 2,
    replyMapping: 'legacy',
    lazyConnect: true,
    // What was sent and not answered may be done: whoever asked decides whether to ask again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Who asks while it is away is told so at once.
    enableOfflineQueue: false,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    retryStrategy: tries => Math.min(tries * 50, 1000),
    // The server is a replica by now: the name may lead to another one.
    reconnectOnError: error => error.message.startsWith('READONLY'),
    ...(protocol === 'rediss:' ? { tls: tlsOptions('cache', tls) } : {}),
  }
  return { options, place: { url, host, password, timeoutMs } }
}

function checked(text: string): URL {
  const url = new URL(text)
  const invalid = (what: string) => new StratumError('CONFIG_INVALID', `cache.url: ${what}`)
  if (url.username || url.password)
    throw invalid('leave user and password out of it: cache.user, cache.password')
  if (url.search) throw invalid(`leave ${url.search} out of it`)
  if (!/^(?:\/\d*)?$/.test(url.pathname))
    throw invalid('behind the host comes the number of a database, or nothing')
  return url
}
