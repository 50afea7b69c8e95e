import type { JsonSchema } from '../source/port.ts'
import { count, secret, section, TLS_FILES, text } from './schema.ts'

/** PostgreSQL as the catalogue. */
export interface CatalogueConfig {
  /** Left out: embedded in `dataDir`. */
  readonly url?: string
  readonly user: string
  readonly password: string
  /** How long a statement may take. */
  readonly timeoutSeconds: number
  /** Connections at once. */
  readonly connections: number
  /** Files in PEM. */
  readonly tls: {
    readonly enabled: boolean
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly passphrase?: string
    readonly verify: boolean
  }
}

/** Redis as the cache. */
export interface CacheConfig {
  /** Left out: in process. `rediss:` is TLS. */
  readonly url?: string
  readonly user?: string
  readonly password: string
  /** What all its keys begin with. */
  readonly prefix: string
  /** How long an answer is waited for. */
  readonly timeoutMs: number
  /** Files in PEM, for a `rediss` URL. */
  readonly tls: Omit<CatalogueConfig['tls'], 'enabled'>
}

export const CATALOGUE_SCHEMA: JsonSchema = section('Catalogue: tenants, users, settings', {
  url: text('PostgreSQL, with the database; left out: embedded', {
    format: 'uri',
    pattern: '^postgres(ql)?://',
    examples: ['postgresql://localhost:5432/stratum'],
  }),
  user: text('User', { default: 'stratum' }),
  password: secret('Password', { default: '' }),
  timeoutSeconds: count(30, 'Seconds a statement may take', 3600),
  connections: count(10, 'Connections at once', 1000),
  tls: section('TLS', {
    enabled: { type: 'boolean', default: false, title: 'Whether connections are encrypted' },
    ...TLS_FILES,
  }),
})

export const CACHE_SCHEMA: JsonSchema = section('Cache: rate limits, locks, sessions', {
  url: text('Redis, with the number of the database; left out: in process', {
    format: 'uri',
    pattern: '^rediss?://',
    examples: ['redis://localhost:6379/0', 'rediss://cache.example:6380'],
  }),
  user: text('User; left out: the default one'),
  password: secret('Password', { default: '' }),
  prefix: { type: 'string', default: 'stratum:', title: 'What all keys begin with' },
  timeoutMs: count(1000, 'Milliseconds an answer is waited for', 60_000),
  tls: section('TLS, for a URL with rediss', TLS_FILES),
})
