import type { JsonSchema } from '../source/port.ts'
import { count, secret, section, TLS_FILES, text } from './schema.ts'

/** A schema registry that speaks Confluent's HTTP API. */
export interface RegistryConfig {
  /** One or more of the same registry, separated by commas. Left out: schemas are kept in the event log. */
  readonly url?: string
  readonly username?: string
  readonly password?: string
  /** Bearer token, instead of user and password. */
  readonly token?: string
  readonly context?: string
  readonly prefix: string
  /** How long a request may take. */
  readonly timeoutSeconds: number
  /** Files in PEM. */
  readonly tls: {
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly passphrase?: string
    readonly verify: boolean
  }
}

/** An empty one is as good as none. */
const NOT_EMPTY = { minLength: 1 }

export const REGISTRY_SCHEMA: JsonSchema = section("Schema registry with Confluent's HTTP API", {
  url: text('Its URLs, separated by commas; left out: schemas are kept in the event log', {
    pattern: '^https?://[^,\\s]+(\\s*,\\s*https?://[^,\\s]+)*$',
    examples: ['http://registry-1:8081,http://registry-2:8081'],
  }),
  username: text('User'),
  password: secret('Password', NOT_EMPTY),
  token: secret('Bearer token, instead of user and password', NOT_EMPTY),
  context: text('Context that the subjects are in', { pattern: '^[A-Za-z0-9_-]+$', examples: ['marketing'] }),
  prefix: {
    type: 'string',
    default: '',
    pattern: '^[A-Za-z0-9._-]*$',
    title: 'What names of subjects begin with, before the kind',
    examples: ['stratum.'],
  },
  timeoutSeconds: count(10, 'Seconds a request may take', 300),
  tls: section('TLS, for a URL with https', {
    ...TLS_FILES,
    passphrase: secret('Passphrase of the key', NOT_EMPTY),
  }),
})
