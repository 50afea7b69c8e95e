import type { PendingState } from '../state/pending.ts'

/** Before every name of a stage. */
const PREFIX = '\0w\0'

/**
 * How far the time of each tenant has come in one fold. Every connection has ticks of its own, and one that reads
 * history would set the time back for what others have read: then what is over would depend on who came last.
 */
export class Watermarks {
  readonly #pending: PendingState
  readonly #known = new Map<string, number>()

  constructor(pending: PendingState) {
    this.#pending = pending
  }

  /** The later of a tick's watermark and the latest before it, which it then is. UTC microseconds. */
  advance(tenant: string, watermark: number): number {
    const key = PREFIX + Buffer.from(tenant).toString('latin1')
    const known = this.#known.get(tenant) ?? this.#pending.get(key)?.readDoubleBE(0) ?? 0
    const latest = Math.max(known, watermark)
    this.#known.set(tenant, latest)
    if (latest > known) {
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeDoubleBE(latest)
      this.#pending.put(key, bytes)
    }
    return latest
  }

  /** Forgets everything that is not committed or on its way. */
  drop(): void {
    this.#known.clear()
  }
}
