import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { StratumError } from '../../errors.ts'
import type {
  Bounds,
  CleanReport,
  EventLog,
  LogWriter,
  ReadLimit,
  RecordBatch,
  StateReader,
  TopicSpec,
} from '../port.ts'
import { TopicAdmin, type TopicDefaults } from './admin.ts'
import { type Clients, clients } from './client/kafkajs.ts'
import type { KafkaSettings } from './client/settings.ts'
import { mustFit } from './fitness.ts'
import { Bounder } from './read/bounds.ts'
import { troubleOf } from './read/fault.ts'
import { type Fetched, FetchedCache } from './read/fetched.ts'
import { Fetcher } from './read/fetcher.ts'
import { Pace } from './read/pace.ts'
import { decodeRecords } from './records/batches.ts'
import { type Changelog, Changelogs } from './state/changelogs.ts'
import type { Position } from './state/entry.ts'
import type { Restored } from './state/restore.ts'
import { Writers } from './write/writers.ts'

export interface KafkaLogOptions {
  readonly kafka: KafkaSettings
  /** Folder of the local caches of state. */
  readonly dir: string
  /** Topics that begin so are this log's. */
  readonly namespace: string
  readonly topics: TopicDefaults
  /** Where the state of a store and the positions of a writer are kept. */
  readonly changelogOf: (name: string) => Changelog
  /** Changelogs that are read when the log is opened: where nobody takes groups over. */
  readonly load?: readonly Changelog[] | undefined
  /** The consumer group that shows a reader's positions to ordinary tools. */
  readonly consumerGroup: (group: string) => string
  /** Writers whose records everybody reads when they come: nobody waits until they can be seen. */
  readonly unseen?: ((writer: string) => boolean) | undefined
  /** All that a writer with a changelog of its own may have a position on. */
  readonly placesOf?: ((writer: string) => readonly Omit<Position, 'next'>[]) | undefined
  readonly commitMs?: number | undefined
  readonly compression?: string | undefined
  readonly onOutage?: ((error: unknown, attempt: number) => void) | undefined
  readonly onRestored?: ((changelog: Changelog, restored: Restored, ms: number) => void) | undefined
  readonly onCommit?: ((writer: string, seconds: number, units: number) => void) | undefined
}

/** A backlog is folded in large pieces: what changes several times in one is written once. */
const DEFAULT_READ = { maxBytes: 4 << 20, maxRecords: 20_000 }

/** The event log on Apache Kafka. */
export class KafkaLog implements EventLog {
  readonly clients: Clients
  readonly #o: KafkaLogOptions
  readonly #kafkaAdmin: Admin
  readonly #admin: TopicAdmin
  readonly #fetcher: Fetcher
  readonly #bounder: Bounder
  readonly #held = new FetchedCache()
  readonly #pace = new Pace()
  readonly #changelogs: Changelogs
  readonly #writers: Writers
  #partitions = new Map<string, number>()
  #cluster = ''
  #closed = false

  private constructor(options: KafkaLogOptions) {
    this.#o = options
    this.clients = clients(options.kafka)
    this.#kafkaAdmin = this.clients.admin()
    this.#admin = new TopicAdmin(this.#kafkaAdmin, options.topics)
    const { onOutage = () => {} } = options
    this.#fetcher = new Fetcher({ cluster: () => this.clients.cluster(), onOutage })
    this.#bounder = new Bounder(() => this.clients.cluster())
    // What was heard a moment ago may be what was there before the group was taken over.
    const asked = {
      read: (...of: Parameters<EventLog['read']>) => this.read(...of),
      bounds: (topic: string, partition: number) => this.#boundsNow(topic, partition),
    }
    this.#changelogs = new Changelogs(asked, {
      dir: options.dir,
      cluster: () => this.#cluster,
      tombstonesMs: options.topics.tombstonesMs,
      of: options.changelogOf,
      now: Date.now,
      onRestored: options.onRestored,
    })
    this.#writers = new Writers({
      kafka: options.kafka,
      namespace: options.namespace,
      changelogs: this.#changelogs,
      consumerGroup: options.consumerGroup,
      commitMs: options.commitMs ?? 100,
      compression: options.compression ?? 'none',
      unseen: options.unseen ?? (() => false),
      placesOf: options.placesOf ?? (() => []),
      partitionsOf: topic => this.#partitions.get(topic),
      refresh: () => this.#refresh(),
      shown: (group, topic, partition) => this.#admin.position(group, topic, partition),
      end: async (topic, partition) => (await this.#bounder.ask(topic, partition)).end,
      written: (topic, partition) => this.#bounder.written(topic, partition),
      onOutage,
      onCommit: options.onCommit,
    })
  }

  /** @throws STORE_UNAVAILABLE, STORE_REFUSED: no broker answers, or none lets it in */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const log = new KafkaLog(options)
    try {
      await log.#kafkaAdmin.connect()
      log.#cluster = (await log.#admin.cluster()).id
      const changelogs = new Map<string, number>()
      for (const { topic, partition } of options.load ?? [])
        changelogs.set(topic, Math.max(changelogs.get(topic) ?? 0, partition + 1))
      for (const [name, partitions] of changelogs)
        await log.ensureTopic({ name, partitions, cleanup: 'compact' })
      await log.#refresh()
      for (const changelog of options.load ?? []) await log.#changelogs.restore(changelog)
      return log
    } catch (error) {
      await log.close()
      throw troubleOf(error)
    }
  }

  /**
   * Compares the cluster with what exactly once needs. What comes back holds until a broker dies.
   * @throws CONFIG_INVALID: transactions cannot be had
   */
  fit(): Promise<readonly string[]> {
    return mustFit(this.#kafkaAdmin, this.#o.namespace, this.#o.topics)
  }

  async #refresh(): Promise<void> {
    this.#partitions = await this.#admin.partitions()
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StratumError('LOG_CLOSED', 'The event log is closed.')
  }

  async ensureTopic(spec: TopicSpec): Promise<void> {
    this.#mustBeOpen()
    await this.#admin.ensure(spec)
    await this.#refresh()
  }

  async topics(): Promise<readonly TopicSpec[]> {
    this.#mustBeOpen()
    return this.#admin.topics(this.#o.namespace)
  }

  async #mustExist(topic: string, partition: number): Promise<void> {
    this.#mustBeOpen()
    if (partition < (this.#partitions.get(topic) ?? 0)) return
    await this.#refresh()
    if (partition < (this.#partitions.get(topic) ?? 0)) return
    throw new StratumError('TOPIC_UNKNOWN', `There is no partition ${partition} of a topic ${topic}.`)
  }

  async bounds(topic: string, partition: number): Promise<Bounds> {
    await this.#mustExist(topic, partition)
    return this.#bounder.get(topic, partition)
  }

  async #boundsNow(topic: string, partition: number): Promise<Bounds> {
    await this.#mustExist(topic, partition)
    return this.#bounder.ask(topic, partition)
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limit: ReadLimit = {},
  ): Promise<RecordBatch | null> {
    await this.#mustExist(topic, partition)
    if (!Number.isSafeInteger(from) || from < 0) throw await this.#gone(topic, partition, from)
    const { maxBytes, maxRecords } = { ...DEFAULT_READ, ...limit }
    for (let size = maxBytes; ; size = Math.min(size * 2, 64 << 20)) {
      const fetched =
        this.#held.get(topic, partition, from) ??
        (await this.#fetch(topic, partition, from, size, limit.signal))
      const { records, next } = decodeRecords(fetched.records, fetched.aborted, from, { topic, partition })
      this.#held.put(fetched, next)
      this.#pace.seen(topic, partition, next > from && next >= fetched.lastStableOffset)
      if (records.length > maxRecords) {
        const some = records.slice(0, maxRecords)
        return { topic, partition, records: some, next: some[some.length - 1]!.offset + 1 }
      }
      if (next > from) return { topic, partition, records, next }
      if (from >= fetched.lastStableOffset) return null
      // There is more, and it did not fit.
    }
  }

  async #fetch(
    topic: string,
    partition: number,
    from: number,
    maxBytes: number,
    signal: AbortSignal | undefined,
    wait = false,
  ): Promise<Fetched> {
    await this.#pace.next(topic, partition, signal)
    try {
      const fetched = await this.#fetcher.fetch({ topic, partition, from, maxBytes, signal, wait })
      this.#bounder.heard(topic, partition, fetched.logStartOffset, fetched.lastStableOffset)
      return fetched
    } catch (error) {
      if (error instanceof StratumError && error.code === 'OFFSET_OUT_OF_RANGE')
        throw await this.#gone(topic, partition, from)
      throw error
    }
  }

  async #gone(topic: string, partition: number, from: number): Promise<StratumError> {
    const { start, end } = await this.#bounder.ask(topic, partition)
    return new StratumError(
      'OFFSET_OUT_OF_RANGE',
      `${topic}/${partition}: offset ${from} is gone, the partition holds ${start} to ${end}. The reader fell behind the retention: raise it, or start the reader again from ${start} knowing what it missed.`,
    )
  }

  async wait(topic: string, partition: number, from: number, signal: AbortSignal): Promise<void> {
    await this.#mustExist(topic, partition)
    while (!signal.aborted && !this.#held.get(topic, partition, from)) {
      try {
        const fetched = await this.#fetch(topic, partition, from, DEFAULT_READ.maxBytes, signal, true)
        if (fetched.lastStableOffset <= from) continue
        const { next } = decodeRecords(fetched.records, fetched.aborted, from, { topic, partition })
        this.#held.put(fetched, next)
        this.#pace.seen(topic, partition, next >= fetched.lastStableOffset)
        return
      } catch (error) {
        if (signal.aborted) return
        throw error
      }
    }
  }

  async writer(group: string): Promise<LogWriter> {
    this.#mustBeOpen()
    const changelog = this.#o.changelogOf(group)
    if (!this.#partitions.has(changelog.topic)) await this.#refresh()
    return this.#writers.open(group)
  }

  async position(group: string, topic: string, partition: number): Promise<number | null> {
    await this.#mustExist(topic, partition)
    const own = this.#writers.position(group, topic, partition)
    return own ?? (await this.#admin.position(this.#o.consumerGroup(group), topic, partition))
  }

  state(store: string): StateReader {
    return this.#changelogs.reader(store)
  }

  /** A broker cleans by itself. */
  async clean(): Promise<CleanReport> {
    this.#mustBeOpen()
    return { droppedRecords: 0, compactedRecords: 0 }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#writers.close()
    await this.#fetcher.close()
    await this.#bounder.close()
    await this.#kafkaAdmin.disconnect().catch(() => {})
    await this.#changelogs.close()
    await sleep(0)
  }
}
