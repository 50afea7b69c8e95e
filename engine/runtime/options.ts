import type { Clock } from '../clock/clock.ts'
import type { RegistryConnection } from '../codec/registry/connection.ts'
import type { KafkaSettings } from '../log/kafka/client/settings.ts'
import type { Changelog } from '../log/kafka/state/changelogs.ts'
import type { Restored } from '../log/kafka/state/restore.ts'
import type { Durability } from '../log/lmdb/env.ts'
import type { ReadLimit } from '../log/port.ts'
import type { SigningKey } from '../signing.ts'
import type { PartitionCounts } from '../stage/layout.ts'
import type { CacheOptions } from '../store/cache/open.ts'
import type { CatalogueOptions } from '../store/catalogue/open.ts'
import type { Connection } from '../store/connection.ts'

/** What a running engine needs to know; `engine/config` fills it from the settings. */
export interface EngineOptions {
  readonly dataDir: string
  readonly partitions: PartitionCounts
  readonly durability: Durability
  readonly retentionMs: (topic: string) => number | undefined
  /** Embedded without `url`. */
  readonly warehouse: Partial<Connection> & { readonly database: string; readonly retentionYears: number }
  /** PostgreSQL at its `url`; left out: embedded in `dataDir`. */
  readonly catalogue?: CatalogueOptions | undefined
  /** Keys that seal credentials in the catalogue: see engine/connect/vault.ts. */
  readonly secretKeys?: string | undefined
  /** What is signed with; null or left out: there is no key. See engine/signing.ts. */
  readonly signing?: SigningKey | null | undefined
  /** Redis at its `url`; left out: in this process. */
  readonly cache?: CacheOptions | undefined
  /** The event log is Apache Kafka; left out: a file in `dataDir`. */
  readonly kafka?: KafkaOptions | undefined
  /** A schema registry of its own; left out: schemas are kept in the event log. */
  readonly registry?: RegistryConnection | undefined
  readonly cut: { readonly rows: number; readonly bytes: number; readonly ms: number }
  readonly clock: Clock
  readonly observer: Observer
  /** Keyed state kept decoded, per stage and partition. */
  readonly cachedKeys?: number
  /** Tests: where batches are cut, and whether memory is forgotten after each. */
  readonly readLimit?: () => ReadLimit
  readonly forgetful?: boolean
}

export interface KafkaOptions {
  readonly connection: KafkaSettings
  /** Fixed groups of partitions: the most workers that can share the work. */
  readonly groups: number
  readonly replication: number
  readonly minInsync: number
  readonly commitMs: number
  readonly compression: string
  /** The state of all groups is read at the start: who looks at it without owning it. */
  readonly loadState?: boolean | undefined
}

/** What the engine tells of itself; metrics and log lines hang on it. */
export interface Observer {
  records(stage: string, tenant: string, n: number): void
  /** Records a task handed on to its topic, by kind. */
  handedOn(task: string, kind: string, n: number): void
  /** Records a stage of a task let go no further, without refusing them: repeats. */
  dropped(task: string, stage: string, n: number): void
  deadLetter(stage: string, reason: string): void
  crash(stage: string, error: unknown, attempt: number): void
  commit(task: string, seconds: number): void
  rows(table: string, n: number): void
  /** State of a group was brought up to date from its changelog. */
  restored?(changelog: Changelog, how: Restored, ms: number): void
  outage(where: string, error: unknown, attempt: number): void
  /** What endangers what is promised, and is not the engine's to mend. */
  warning?(message: string): void
}

export const silent: Observer = {
  records() {},
  handedOn() {},
  dropped() {},
  deadLetter() {},
  crash() {},
  commit() {},
  rows() {},
  outage() {},
}
