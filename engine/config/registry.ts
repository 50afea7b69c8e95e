import type { JsonSchema } from '../source/port.ts'

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

const text = (title: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  minLength: 1,
  title,
  ...more,
})
const secret = (title: string): JsonSchema => text(title, { secret: true })
const section = (title: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  title,
  properties,
  additionalProperties: false,
  default: {},
})

export const REGISTRY_SCHEMA: JsonSchema = section("Schema registry with Confluent's HTTP API", {
  url: text('Its URLs, separated by commas; left out: schemas are kept in the event log', {
    pattern: '^https?://[^,\\s]+(\\s*,\\s*https?://[^,\\s]+)*$',
    examples: ['http://registry-1:8081,http://registry-2:8081'],
  }),
  username: text('User'),
  password: secret('Password'),
  token: secret('Bearer token, instead of user and password'),
  context: text('Context that the subjects are in', { pattern: '^[A-Za-z0-9_-]+$', examples: ['marketing'] }),
  prefix: {
    type: 'string',
    default: '',
    pattern: '^[A-Za-z0-9._-]*$',
    title: 'What names of subjects begin with, before the kind',
    examples: ['stratum.'],
  },
  timeoutSeconds: {
    type: 'integer',
    minimum: 1,
    maximum: 300,
    default: 10,
    title: 'Seconds a request may take',
  },
  tls: section('TLS, for a URL with https', {
    ca: text('Authorities to trust instead of those of the system (a file, PEM)'),
    cert: text('Certificate of this client (a file, PEM)'),
    key: text('Its key (a file, PEM)'),
    passphrase: secret('Passphrase of the key'),
    verify: { type: 'boolean', default: true, title: 'false: any certificate is taken' },
  }),
})
