import { Readable, Transform, type TransformCallback, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { isOutage } from '../errors.ts'
import type { CommitUnit, EventLog, LogWriter, ReadLimit, RecordBatch, StoredRecord } from '../log/port.ts'
import { pause } from '../sink/waiting.ts'
import type { Fold } from './fold.ts'

/** Something that can be held and let go on: a task, a sink. */
export interface Gate {
  /** Resolves when it may go on. */
  open(signal: AbortSignal): Promise<void>
}

export interface ReaderOptions {
  readonly log: EventLog
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly gate: Gate
  readonly signal: AbortSignal
  readonly limit?: (() => ReadLimit) | undefined
  /** What has to be there before the records can be folded; an outage of it is waited out. */
  readonly ready?: ((records: readonly StoredRecord[]) => Promise<void> | undefined) | undefined
  readonly onOutage?: ((error: unknown, attempt: number) => void) | undefined
}

/** Batches of one partition, as they come, without end. Ends when the signal aborts. */
export class PartitionReader extends Readable {
  readonly #o: ReaderOptions
  #at: number

  constructor(options: ReaderOptions) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#o = options
    this.#at = options.from
  }

  override _read(): void {
    this.#next().then(
      batch => {
        if (batch) this.#at = batch.next
        this.push(batch)
      },
      // Told to stop, it ends; what is under way is still committed.
      error => (this.#o.signal.aborted ? this.push(null) : this.destroy(error as Error)),
    )
  }

  async #next(): Promise<RecordBatch | null> {
    const { log, topic, partition, gate, signal, limit } = this.#o
    while (!signal.aborted) {
      await gate.open(signal)
      // A backlog is worked off without ever waiting: others (answers, signals, timers) get their turn here.
      await turn()
      const batch = await log.read(topic, partition, this.#at, { ...limit?.(), signal })
      if (batch) {
        await this.#prepare(batch)
        return batch
      }
      await log.wait(topic, partition, this.#at, signal)
    }
    return null
  }

  async #prepare({ records }: RecordBatch): Promise<void> {
    const { ready, signal, onOutage } = this.#o
    for (let attempt = 1; ; attempt++)
      try {
        // Mostly there is nothing to wait for.
        const preparing = ready?.(records)
        if (preparing) await preparing
        return
      } catch (error) {
        if (!isOutage(error)) throw error
        onOutage?.(error, attempt)
        await pause(attempt, signal)
      }
  }
}

/** Batches in, commit units out. */
export class FoldStream extends Transform {
  readonly #fold: Fold
  constructor(fold: Fold) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#fold = fold
  }
  override _transform(batch: RecordBatch, _: BufferEncoding, done: TransformCallback): void {
    try {
      done(null, this.#fold.process(batch))
    } catch (error) {
      done(error as Error)
    }
  }
}

/**
 * Commits units in order, as many at once as the writer takes. While the log cannot be written (a full disk, say) it
 * waits and tries again.
 */
export class Committer extends Writable {
  readonly #writer: LogWriter
  readonly #fold: Fold
  readonly #signal: AbortSignal
  readonly #observe: (seconds: number) => void
  readonly #onOutage: (error: unknown, attempt: number) => void
  #flying = 0
  #last: Promise<void> | undefined
  #free: (() => void) | null = null
  #landed: ((error?: Error | null) => void) | null = null

  constructor(o: {
    writer: LogWriter
    fold: Fold
    signal: AbortSignal
    observe: (seconds: number) => void
    onOutage: (error: unknown, attempt: number) => void
  }) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#writer = o.writer
    this.#fold = o.fold
    this.#signal = o.signal
    this.#observe = o.observe
    this.#onOutage = o.onOutage
  }

  override _write(unit: CommitUnit, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#flying++
    this.#commit(unit).then(
      () => {
        this.#flying--
        const free = this.#free
        this.#free = null
        free?.()
        if (this.#flying === 0) this.#landed?.()
      },
      error => this.destroy(error),
    )
    if (this.#flying < (this.#writer.window ?? 1)) done()
    else this.#free = done
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#flying === 0) done()
    else this.#landed = done
  }

  async #commit(unit: CommitUnit): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now()
      try {
        const committed = this.#writer.commit(unit, this.#last)
        this.#last = committed
        await committed
        this.#observe((performance.now() - begun) / 1000)
        this.#fold.landed()
        return
      } catch (error) {
        if (!isOutage(error)) throw error
        this.#onOutage(error, attempt)
        await pause(attempt, this.#signal)
      }
    }
  }
}
