import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { isOutage } from '../errors.ts'
import type { EventLog } from '../log/port.ts'
import type { Gate } from '../stage/streams.ts'
import type { Cut, CutOrder, Cutting } from './cut.ts'
import { pause } from './waiting.ts'

export interface CutLimits {
  readonly rows: number
  readonly bytes: number
  /** How long rows may be waited for once there are some. Asked again while waiting. */
  readonly ms: () => number
}

export interface CutReaderOptions extends Omit<CutOrder, 'end' | 'only' | 'limits'> {
  readonly log: EventLog
  readonly cutting: Cutting
  readonly limits: CutLimits
  readonly gate: Gate
  readonly signal: AbortSignal
  readonly onOutage?: ((error: unknown, attempt: number) => void) | undefined
}

/** How long it waits before it asks again whether it still should. */
const SLICE_MS = 25

/** Cuts of one table's partition, by rows, bytes, or time since there was something to cut. Ends when the signal aborts. */
export class CutReader extends Readable {
  readonly #o: CutReaderOptions
  #at: number

  constructor(options: CutReaderOptions) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#o = options
    this.#at = options.from
  }

  override _read(): void {
    this.#next().then(
      cut => this.push(cut),
      error => (this.#o.signal.aborted ? this.push(null) : this.destroy(error as Error)),
    )
  }

  async #next(): Promise<Cut | null> {
    const { log, cutting, limits, gate, signal, table, topic, partition, replaced } = this.#o
    while (!signal.aborted) {
      await gate.open(signal)
      await log.wait(topic, partition, this.#at, signal)
      await turn()
      const end = await this.#gathered()
      if (signal.aborted) break
      if (end === this.#at) continue
      const from = this.#at
      const { rows, bytes } = limits
      const order = { table, topic, partition, from, end, replaced, limits: { rows, bytes } }
      const cut = await this.#cut(cutting, order)
      this.#at = cut.to + 1
      return cut
    }
    return null
  }

  /** An outage of what says how records are read (the schema registry) is waited out. */
  async #cut(cutting: Cutting, order: CutOrder): Promise<Cut> {
    for (let attempt = 1; ; attempt++)
      try {
        return await cutting.cut(order)
      } catch (error) {
        if (!isOutage(error)) throw error
        this.#o.onOutage?.(error, attempt)
        await pause(attempt, this.#o.signal)
      }
  }

  /** Where the partition ends when there is enough, or the time is up. */
  async #gathered(): Promise<number> {
    const { log, limits, signal, topic, partition } = this.#o
    const begun = performance.now()
    for (;;) {
      const { end } = await log.bounds(topic, partition)
      const left = limits.ms() - (performance.now() - begun)
      if (end - this.#at >= limits.rows || left <= 0 || signal.aborted) return end
      await within(Math.ceil(Math.min(left, SLICE_MS)), signal, over => log.wait(topic, partition, end, over))
    }
  }
}

/**
 * Waits no longer than so many milliseconds. With a timer of its own: what `AbortSignal.timeout` gives may be
 * collected before its time when `AbortSignal.any` alone holds it, and then nothing ends the wait.
 */
async function within(
  ms: number,
  signal: AbortSignal,
  wait: (over: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end, { once: true })
  try {
    if (!signal.aborted) await wait(over.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
