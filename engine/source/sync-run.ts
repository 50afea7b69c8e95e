import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../clock/clock.ts'
import type { Codec } from '../codec/codec.ts'
import { deterministicId } from '../codec/ids.ts'
import { isOutage, messageOf, StratumError } from '../errors.ts'
import { partitionOf } from '../log/partition.ts'
import type { CommitUnit, EventLog, LogWriter } from '../log/port.ts'
import { type Layout, rawTopic } from '../stage/layout.ts'
import type { Gate } from '../stage/streams.ts'
import { type SourceContext, sourceContext } from './context.ts'
import { Cursors } from './cursor.ts'
import type { EncodedBatch } from './encode.ts'
import { InFlight } from './in-flight.ts'
import { lettersOf } from './letters.ts'
import type { RejectedRow, Source, SourceConfig, StreamSpec } from './port.ts'
import { connectionKey } from './raw.ts'
import type { Reading } from './reading.ts'
import { type SyncMark, syncKind } from './sync.ts'

export interface SyncOptions extends Partial<Pick<SourceContext, 'limiter' | 'tokens'>> {
  readonly source: Source
  readonly config: SourceConfig
  readonly reading: Reading
  readonly tenant: string
  readonly connection: string
  readonly clockMode: 'event' | 'live'
  readonly log: EventLog
  readonly codec: Codec
  readonly layout: Layout
  readonly clock: Clock
  readonly gate: Gate
  readonly dataDir: string
  readonly signal: AbortSignal
  /** Tries in a row without progress before a retryable error of the connector ends the run; none: for ever. */
  readonly maxTries?: number
  onProgress?: (read: number) => void
  retrying(error: unknown, waitMs: number): void
}

export interface SyncReport {
  readonly read: number
  readonly deadLettered: number
}

/** What an error of a connector (`plugins/errors.ts`) may say of itself. */
interface Trouble {
  readonly kind?: string
  readonly retryAfterMs?: number | null
  readonly origin?: string
  readonly bytes?: Buffer | null
}

/** Runs a connection once, from its cursors to the end of every stream. Cursors commit with their records. */
export class SyncRun {
  readonly #o: SyncOptions
  readonly #topic: string
  readonly #partition: number
  readonly #cursors: Cursors
  #writer!: LogWriter
  #flight!: InFlight
  #last: Promise<void> | undefined
  #counts = { read: 0, deadLettered: 0 }

  constructor(options: SyncOptions) {
    this.#o = options
    this.#topic = rawTopic(options.source.id)
    // By tenant: what two of its connections both read (a folder and a copy of it) must meet where repeats are told.
    this.#partition = partitionOf(options.tenant, options.layout.partitions(this.#topic))
    this.#cursors = new Cursors(options.log, options.connection)
  }

  async run(): Promise<SyncReport> {
    const { log, connection, signal } = this.#o
    for (;;) {
      this.#writer = await log.writer(`connect/${connection}`)
      this.#flight = new InFlight(this.#writer.window ?? 1)
      this.#last = undefined
      try {
        await this.#run()
        return this.#counts
      } catch (error) {
        // Its outcome is settled by the next writer, and the cursors say what was committed.
        if (signal.aborted || !isLost(error)) throw error
        this.#o.retrying(error, 0)
      } finally {
        // On Kafka it is a producer with threads of its own, and a connection runs every few minutes.
        await this.#writer.close()
      }
    }
  }

  async #run(): Promise<void> {
    const { source, signal } = this.#o
    const streams = await this.#persist(() => source.discover(sourceContext(this.#o)), signal)
    // A run that was cut off goes on: its start is in the log already.
    if (this.#cursors.phase() === 'idle') await this.#mark('start')
    if (this.#o.clockMode === 'live') await this.#sideBySide(streams)
    else for (const stream of streams) await this.#stream(stream, signal)
    signal.throwIfAborted()
    await this.#mark('end')
  }

  /** A live stream may never end: none may wait for another. The first failure stops all. */
  async #sideBySide(streams: readonly StreamSpec[]): Promise<void> {
    const failed = new AbortController()
    const signal = AbortSignal.any([this.#o.signal, failed.signal])
    const running = streams.map(stream =>
      this.#stream(stream, signal).catch(error => {
        failed.abort(error)
        throw error
      }),
    )
    const outcomes = await Promise.allSettled(running)
    this.#o.signal.throwIfAborted()
    if (failed.signal.aborted) throw failed.signal.reason
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  async #mark(phase: 'start' | 'end'): Promise<void> {
    const { tenant, connection, source, clockMode, clock, codec } = this.#o
    const runs = this.#cursors.runs() + (phase === 'start' ? 1 : 0)
    const time = clock()
    const mark: SyncMark = {
      tenant_id: tenant,
      event_id: deterministicId(connection, runs, phase),
      event_time: time,
      ingest_time: time,
      connection,
      source: source.id,
      phase,
      clock: clockMode,
    }
    const record = {
      key: connectionKey(tenant, connection),
      value: codec.encode(syncKind, mark),
      time,
    }
    await this.#commit({
      appends: [{ topic: this.#topic, partition: this.#partition, records: [record] }],
      state: [this.#cursors.setPhase(phase === 'start' ? 'running' : 'idle', runs)],
    })
  }

  async #stream(stream: StreamSpec, signal: AbortSignal): Promise<void> {
    const state = () => this.#cursors.state(stream.name)
    try {
      await this.#persist(async () => {
        // The cursor is where it is only when what was read before is committed.
        await this.#flight.all()
        const batches = this.#o.reading.stream(stream, state(), signal)
        await pipeline(batches, async (incoming: AsyncIterable<EncodedBatch>) => {
          for await (const batch of incoming) await this.#batch(stream, batch, signal)
          await this.#flight.all()
        })
      }, signal)
    } catch (error) {
      signal.throwIfAborted()
      const { kind, origin = stream.name, bytes = null } = error as Trouble
      if (kind !== 'payload') throw error
      const rejected = [{ reason: messageOf(error), origin, bytes }]
      const time = this.#o.clock()
      await this.#flight.all()
      await this.#batch(stream, { records: [], rejected, read: 1, state: state(), time }, signal)
      await this.#flight.all()
    }
  }

  /** Asks the platform, again and again while its errors may pass. Nothing is asked of one that is paused. */
  async #persist<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { gate, maxTries } = this.#o
    for (let tries = 1; ; tries++) {
      const before = this.#counts.read
      await gate.open(signal)
      signal.throwIfAborted()
      try {
        return await ask()
      } catch (error) {
        signal.throwIfAborted()
        if (this.#counts.read > before) tries = 1
        const { kind, retryAfterMs } = error as Trouble
        const outage = isOutage(error)
        if (!outage && (kind !== 'retryable' || (maxTries !== undefined && tries >= maxTries))) throw error
        const waitMs = outage
          ? outageWait(tries)
          : (retryAfterMs ?? Math.random() * Math.min(300_000, 500 * 2 ** tries))
        this.#o.retrying(error, waitMs)
        await sleep(waitMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  async #batch(stream: StreamSpec, batch: EncodedBatch, signal: AbortSignal): Promise<void> {
    await this.#o.gate.open(signal)
    signal.throwIfAborted()
    const { records, rejected, state, time } = batch
    const letters = () => this.#deadLetters(stream, rejected, time)
    const unit = {
      appends: [
        { topic: this.#topic, partition: this.#partition, records },
        ...(rejected.length ? [await this.#outlast(letters)] : []),
      ],
      state: [this.#cursors.setState(stream.name, state)],
    }
    const landed = this.#commit(unit).then(() => {
      this.#counts.read += batch.read
      this.#counts.deadLettered += rejected.length
      this.#o.onProgress?.(this.#counts.read)
    })
    await this.#flight.add(landed)
  }

  #deadLetters(stream: StreamSpec, rejected: readonly RejectedRow[], time: number) {
    const { tenant, source, connection, codec, layout, dataDir } = this.#o
    const from = { topic: this.#topic, partition: this.#partition }
    const about = { tenant, source: source.id, connection, codec, layout, dataDir }
    return lettersOf({ ...about, ...from, stream: stream.name, rejected, time })
  }

  async #commit(unit: CommitUnit): Promise<void> {
    await this.#outlast(() => {
      const committed = this.#writer.commit(unit, this.#last)
      this.#last = committed
      return committed
    })
  }

  /** A disk that is full, or a log that cannot be written, is waited for. */
  async #outlast<T>(work: () => T | Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await work()
      } catch (error) {
        if (!isOutage(error)) throw error
        const waitMs = outageWait(attempt)
        this.#o.retrying(error, waitMs)
        const { signal } = this.#o
        await sleep(waitMs, undefined, { signal }).catch(() => {})
        signal.throwIfAborted()
      }
  }
}

const isLost = (error: unknown) => error instanceof StratumError && error.code === 'WRITER_LOST'

/** Stores of our own come back without warning, and nobody is troubled by asking them again. Milliseconds. */
const outageWait = (attempt: number) => Math.min(10_000, 100 * 2 ** Math.min(attempt, 7))
