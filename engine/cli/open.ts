import { fixedClock, systemClock } from '../clock/clock.ts'
import { loadConfig, type Settings } from '../config/index.ts'
import { messageOf } from '../errors.ts'
import { loadRdkafka, poolSize } from '../log/kafka/write/rdkafka.ts'
import { acquire } from '../owner/lock.ts'
import { kafkaOptions } from '../runtime/kafka-options.ts'
import type { EngineOptions, Observer } from '../runtime/options.ts'
import { registryOptions } from '../runtime/registry-options.ts'
import { openStores, type Stores } from '../runtime/stores.ts'
import { SigningKey } from '../signing.ts'
import type { Application, StageSettings } from '../stage/topology.ts'
import { logger, setLogLevel } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { DataOptions } from './kit/index.ts'

export type MakeApplication = (settings: StageSettings) => Application

/** Settings from defaults, file, environment and the command line; the log level takes effect at once. */
export function settingsOf({ data, config }: DataOptions): Settings {
  const settings = loadConfig({
    ...(config === undefined ? {} : { file: config }),
    env: process.env,
    overrides: data === undefined ? {} : { dataDir: data },
  })
  setLogLevel(settings.logging.level)
  return settings
}

export interface LogChoice {
  /** The event log is Kafka; by default it is where brokers are configured. */
  readonly kafka?: boolean | undefined
  /** The state of all groups is wanted: by who looks into it and owns none. */
  readonly loadState?: boolean | undefined
}

export const usesKafka = (settings: Settings, { kafka }: LogChoice = {}): boolean =>
  kafka ?? settings.kafka.brokers !== undefined

export function engineOptions(
  settings: Settings,
  observer: Observer,
  choice: LogChoice = { kafka: false },
): EngineOptions {
  const { retentionDays, partitions, durability } = settings.log
  const kafka = usesKafka(settings, choice)
  const days = (topic: string) =>
    topic.startsWith('raw.')
      ? retentionDays.raw
      : topic === 'facts'
        ? retentionDays.facts
        : retentionDays.other
  return {
    dataDir: settings.dataDir,
    ...(kafka ? { kafka: { ...kafkaOptions(settings.kafka), loadState: choice.loadState ?? false } } : {}),
    registry: registryOptions(settings.registry),
    partitions,
    durability,
    retentionMs: topic => days(topic) * 86_400_000,
    warehouse: settings.warehouse,
    catalogue: settings.catalogue,
    secretKeys: settings.secrets.keys,
    // Processes on one cluster must sign alike: none makes a key of its own.
    signing: SigningKey.of({
      keys: settings.secrets.signingKeys,
      dataDir: kafka ? null : settings.dataDir,
    }),
    cache: settings.cache,
    cut: { rows: settings.sink.cutRows, bytes: settings.sink.cutBytes, ms: settings.sink.cutMs },
    clock: settings.clock.fixed ? fixedClock(settings.clock.fixed) : systemClock,
    observer,
  }
}

/** Metrics and log lines of what the engine tells of itself. */
export function observe(metrics: Metrics | null): Observer {
  const log = logger('engine')
  return {
    records: (stage, tenant, n) => metrics?.records.inc({ stage, tenant }, n),
    handedOn() {},
    dropped() {},
    deadLetter: (stage, reason) => {
      metrics?.deadLetters.inc({ reason: stage })
      log.debug({ stage, reason }, 'A record went to the dead letters.')
    },
    crash: (stage, error, attempt) =>
      log.warn({ stage, attempt }, `Stage ${stage} failed on a batch: ${messageOf(error)}.`),
    commit: (_, seconds) => metrics?.commitSeconds.observe(seconds),
    restored: ({ topic, partition }, { how, records }, ms) =>
      log.info(
        { topic, partition, how, records, ms: Math.round(ms) },
        'State is up to date with its changelog.',
      ),
    rows: (table, n) => metrics?.sinkRows.inc({ table }, n),
    outage: (where, error) => log.warn({ where }, `Waiting: ${messageOf(error)}`),
    warning: message => log.warn(message),
  }
}

/** Before anything is made on a cluster that nothing could then be written to. @throws CONFIG_INVALID: node-rdkafka is missing */
export async function mustWriteKafka(): Promise<void> {
  await loadRdkafka()
  if (poolSize() < POOL)
    logger('kafka').warn(
      `UV_THREADPOOL_SIZE is ${poolSize()}: the transaction of each group waits in a thread of that pool. Start it with UV_THREADPOOL_SIZE=${POOL}.`,
    )
}

/** What the program is started with (stratum.ts). */
const POOL = 16

export interface OpenData {
  readonly stores: Stores
  close(): Promise<void>
}

/** Takes the data directory for this process and opens its stores. DATA_DIR_IN_USE names the owner. */
export async function openData(
  make: MakeApplication,
  settings: Settings,
  command: string,
  observer: Observer,
  choice: LogChoice = {},
): Promise<OpenData> {
  // What is only on servers has no owner.
  const shared = usesKafka(settings, choice) && settings.warehouse.url !== undefined
  const release = shared ? () => {} : await acquire(settings.dataDir, { command })
  try {
    const options = engineOptions(settings, observer, choice)
    const stores = await openStores(make({ ...settings, signing: options.signing }), options)
    return {
      stores,
      async close() {
        try {
          await stores.close()
        } finally {
          release()
        }
      },
    }
  } catch (error) {
    release()
    throw error
  }
}
