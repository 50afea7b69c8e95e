import type { JsonSchema } from '../source/port.ts'
import { count, secret, section } from './schema.ts'

/** Apache Kafka as the event log. */
export interface KafkaConfig {
  /** `host:port`, separated by commas. */
  readonly brokers?: string
  readonly clientId: string
  readonly groups: number
  readonly replication: number
  readonly minInsync: number
  readonly commitMs: number
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly sessionMs: number
  readonly tls: {
    readonly enabled: boolean
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly passphrase?: string
    readonly verify: boolean
  }
  readonly sasl: {
    readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer'
    readonly username?: string
    readonly password?: string
    readonly tokenUrl?: string
    readonly clientId?: string
    readonly clientSecret?: string
    readonly scope?: string
  }
}

/** What is missing is told where it is needed: empty is the same. */
const text = (title: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', title, ...more })

export const KAFKA_SCHEMA: JsonSchema = section('Apache Kafka as the event log', {
  brokers: text('Brokers, host:port, separated by commas', {
    minLength: 1,
    examples: ['kafka-1:9092,kafka-2:9092'],
  }),
  clientId: text('Name shown to the brokers', { minLength: 1, default: 'stratum' }),
  groups: count(
    8,
    'Groups of partitions: the most workers that share the work; fixed once there are topics',
    1024,
  ),
  replication: count(1, 'Replicas of the topics that are made', 7),
  minInsync: count(1, 'Replicas that must have a record before it counts', 7),
  commitMs: count(100, 'Longest time between two commits of a group, milliseconds', 10_000),
  compression: {
    type: 'string',
    enum: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
    title: 'Compression of what is written',
  },
  sessionMs: {
    type: 'integer',
    minimum: 6_000,
    maximum: 300_000,
    default: 10_000,
    title: 'A worker that is not heard of for so long loses its groups, milliseconds',
  },
  tls: section('TLS', {
    enabled: { type: 'boolean', default: false, title: 'Whether connections are encrypted' },
    ca: text('File with the certificates that are trusted (PEM)'),
    cert: text('File with the client certificate (PEM)'),
    key: text('File with its key (PEM)'),
    passphrase: secret('Passphrase of the key'),
    verify: { type: 'boolean', default: true, title: "Whether the brokers' certificates are checked" },
  }),
  sasl: section('Log-in by SASL', {
    mechanism: {
      type: 'string',
      enum: ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'],
      title: 'Mechanism; left out: no log-in',
    },
    username: text('User'),
    password: secret('Password'),
    tokenUrl: text('OAuth: URL that gives tokens', { format: 'uri' }),
    clientId: text('OAuth: client'),
    clientSecret: secret("OAuth: the client's secret"),
    scope: text('OAuth: scope'),
  }),
})
