import type { PendingState } from '../state/pending.ts'
import { indexBytes, indexOf, SEP } from './window-keys.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Which windows of a stage are over for good, by tenant. What has been removed stays closed, also for a release that
 * would keep it longer: a record for it would begin a new sum.
 */
export class ClosedWindows {
  readonly #pending: PendingState
  readonly #stage: string
  readonly #retainUs: number
  readonly #sizeUs: number
  /** Number of the first window that is not closed. */
  readonly #firstOpen = new Map<string, number>()

  constructor(stage: string, times: { retainUs: number; sizeUs: number }, pending: PendingState) {
    this.#stage = stage
    this.#retainUs = times.retainUs
    this.#sizeUs = times.sizeUs
    this.#pending = pending
  }

  has(tenant: string, index: number): boolean {
    return index < this.#open(tenant)
  }

  get reason(): string {
    const seconds = this.#retainUs / 1_000_000
    return `its window is closed: windows of ${this.#stage} are kept ${seconds} s after their end (retainUs). If later ones have to wait longer, raise it; this record counts only in a stage of another name, which reads from the start`
  }

  /** Remembers a window, to be found by its time. */
  note(tenant: string, name: string, index: number): void {
    const key = this.#noteKey(tenant, index) + name
    if (!this.#pending.has(key)) this.#pending.put(key, NOTHING)
  }

  /** Windows that the watermark closes now, in the order of their time; they are forgotten here. */
  advance(tenant: string, watermark: number): { name: string; index: number }[] {
    const before = this.#open(tenant)
    const open = Math.floor((watermark - this.#retainUs) / this.#sizeUs)
    if (open <= Math.max(0, before)) return []
    this.#firstOpen.set(tenant, open)
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeDoubleBE(open)
    this.#pending.put(this.#openKey(tenant), bytes)
    const [from, to] = [this.#noteKey(tenant, 0), this.#noteKey(tenant, open)]
    return this.#pending.between(from, to).map(key => {
      this.#pending.delete(key)
      const at = from.length - 6
      return { index: indexOf(key.slice(at, at + 6)), name: key.slice(at + 6) }
    })
  }

  drop(): void {
    this.#firstOpen.clear()
  }

  /** Bytes of the key by which a window of this name is found. */
  keyLength(name: string): number {
    return `${this.#stage}${SEP}o${SEP}${SEP}`.length + 6 + tenantPart(name).length + name.length
  }

  #open(tenant: string): number {
    let open = this.#firstOpen.get(tenant)
    if (open === undefined) {
      open = this.#pending.get(this.#openKey(tenant))?.readDoubleBE(0) ?? Number.NEGATIVE_INFINITY
      this.#firstOpen.set(tenant, open)
    }
    return open
  }

  #openKey(tenant: string): string {
    return `${this.#stage}${SEP}c${SEP}${latin1(tenant)}`
  }

  #noteKey(tenant: string, index: number): string {
    return `${this.#stage}${SEP}o${SEP}${latin1(tenant)}${SEP}${indexBytes(index)}`
  }
}

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

const tenantPart = (name: string) => name.split('\x1f', 1)[0]!
