import type { JsonSchema } from '../source/port.ts'
import { LOG_LEVELS, type LogLevel } from '../telemetry/logger.ts'
import { KAFKA_SCHEMA, type KafkaConfig } from './kafka.ts'
import { REGISTRY_SCHEMA, type RegistryConfig } from './registry.ts'
import { count, secret, section, TLS_FILES, text } from './schema.ts'
import { CACHE_SCHEMA, CATALOGUE_SCHEMA, type CacheConfig, type CatalogueConfig } from './stores.ts'

/** The settings of the engine, as `loadConfig` gives them: complete, checked, frozen. */
export interface Settings {
  /** Directory of the embedded stores. One process at a time owns it. */
  readonly dataDir: string
  /** Paths of connectors that did not come with Stratum; in one text, commas between them. */
  readonly connectors: string | readonly string[]
  readonly log: {
    readonly partitions: { readonly raw: number; readonly facts: number; readonly persons: number }
    readonly retentionDays: { readonly raw: number; readonly facts: number; readonly other: number }
    /** What a committed record survives: the end of the process, or a power cut too (slower). */
    readonly durability: 'process' | 'power'
  }
  /** Used by `worker`, `api` and `start --kafka`, and by the commands that look into the log once `brokers` is set. */
  readonly kafka: KafkaConfig
  readonly registry: RegistryConfig
  readonly warehouse: {
    /** ClickHouse over HTTP. Left out: the embedded warehouse in `dataDir`. */
    readonly url?: string
    readonly database: string
    readonly user: string
    readonly password: string
    readonly retentionYears: number
    /** How long a request may be silent. */
    readonly timeoutSeconds: number
    /** Connections at once. */
    readonly connections: number
    /** gzip both ways. */
    readonly compression: boolean
    /** Files in PEM, for an `https` URL. */
    readonly tls: {
      readonly ca?: string
      readonly cert?: string
      readonly key?: string
      readonly passphrase?: string
      readonly verify: boolean
    }
  }
  readonly catalogue: CatalogueConfig
  readonly cache: CacheConfig
  readonly secrets: {
    /** Seal credentials in the catalogue: base64, the newest first, separated by commas. */
    readonly keys?: string
    /** Sign permits and checkpoints: base64 of Ed25519 seeds, the newest first, separated by commas. */
    readonly signingKeys?: string
  }
  /** The signed checkpoints of audit logs. */
  readonly audit: { readonly export?: string; readonly everyMinutes: number; readonly everyEntries: number }
  /** Connections that tenants have set up. */
  readonly connections: { readonly concurrency: number }
  /** A cut is made at whichever of the three comes first. */
  readonly sink: { readonly cutRows: number; readonly cutBytes: number; readonly cutMs: number }
  readonly dedup: { readonly windowDays: number }
  /** `fixed`: the instant (ISO 8601) the clock stands at. */
  readonly clock: { readonly fixed?: string; readonly tickSeconds: number }
  readonly api: { readonly host: string; readonly port: number; readonly tenant: string }
  readonly logging: { readonly level: LogLevel }
}

const standing = (standard: string, title: string, more: JsonSchema = {}): JsonSchema =>
  text(title, { default: standard, ...more })

const PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  dataDir: standing('.stratum', 'Directory of the embedded stores'),
  connectors: {
    type: ['string', 'array'],
    items: { type: 'string' },
    default: [],
    title: 'Paths of connectors that did not come with Stratum, commas between them',
    examples: ['./acme,./spend'],
  },
  log: section('Event log', {
    partitions: section('Partitions a topic, fixed once the topic exists', {
      raw: count(2, 'Topics of what connectors read', 1024),
      facts: count(2, 'Facts, by tenant', 1024),
      persons: count(4, 'Persons, by tenant and person', 1024),
    }),
    retentionDays: section('Days a record is kept', {
      raw: count(30, 'Topics of what connectors read', 36_500),
      facts: count(400, 'Facts', 36_500),
      other: count(400, 'All other topics', 36_500),
    }),
    durability: {
      type: 'string',
      enum: ['process', 'power'],
      default: 'process',
      title: 'What a committed record survives: the end of the process, or a power cut too',
    },
  }),
  kafka: KAFKA_SCHEMA,
  registry: REGISTRY_SCHEMA,
  warehouse: section('Warehouse', {
    url: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      title: 'ClickHouse over HTTP; left out: embedded',
      examples: ['http://localhost:8123'],
    },
    database: standing('stratum', 'Database', { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
    user: standing('default', 'User'),
    password: secret('Password', { default: '' }),
    retentionYears: count(10, 'Years a row is kept', 100),
    timeoutSeconds: count(240, 'Seconds a request may be silent: longer than the slowest insert', 3600),
    connections: count(10, 'Connections at once', 1000),
    compression: { type: 'boolean', default: true, title: 'gzip both ways: less network, more processor' },
    tls: section('TLS, for a URL with https', {
      ...TLS_FILES,
      cert: text(
        'Certificate of this client; without a password the user is known by it alone (a file, PEM)',
      ),
    }),
  }),
  catalogue: CATALOGUE_SCHEMA,
  cache: CACHE_SCHEMA,
  secrets: section('What seals credentials in the catalogue, and what signs', {
    keys: secret('Keys of 32 bytes in base64, separated by commas: the first seals, all open', {
      examples: ['openssl rand -base64 32'],
    }),
    signingKeys: secret(
      'Keys of 32 bytes in base64, separated by commas, that sign permits of actions and checkpoints of the audit log: the first signs, all verify. Left out: one that the data directory keeps, and none on Kafka',
      { examples: ['openssl rand -base64 32'] },
    ),
  }),
  audit: section('Signed checkpoints of the audit logs', {
    export: text('Folder where each is kept too, a file a tenant: put it where nobody here can rewrite it'),
    everyMinutes: count(60, 'Minutes between two', 10_000),
    everyEntries: count(10_000, 'Or so many entries', 10_000_000),
  }),
  connections: section('Connections that tenants have set up', {
    concurrency: count(4, 'Syncs at once in a process', 1000),
  }),
  sink: section('Cuts of the sink: whichever comes first', {
    cutRows: count(50_000, 'Rows'),
    cutBytes: count(8_388_608, 'Bytes'),
    cutMs: count(500, 'Milliseconds', 3_600_000),
  }),
  dedup: section('Deduplication', {
    windowDays: count(400, 'Days in which an event seen again is a repeat', 36_500),
  }),
  clock: section('Clock', {
    fixed: {
      type: 'string',
      format: 'date-time',
      title: 'Instant the clock stands at; left out: the clock of the machine',
      examples: ['2026-01-15T10:00:00Z'],
    },
    tickSeconds: count(60, 'Seconds from tick to tick', 86_400),
  }),
  api: section('API', {
    host: standing('127.0.0.1', 'Address to listen on'),
    port: { type: 'integer', minimum: 0, maximum: 65_535, default: 8000, title: 'Port; 0: any free one' },
    tenant: standing('demo', 'Tenant of a request that names none'),
  }),
  logging: section('Logging', {
    level: { type: 'string', enum: LOG_LEVELS, default: 'info', title: 'Least level that is written' },
  }),
}

export const SETTINGS_SCHEMA: JsonSchema = {
  type: 'object',
  title: 'Settings of the engine',
  properties: PROPERTIES,
  additionalProperties: false,
}
