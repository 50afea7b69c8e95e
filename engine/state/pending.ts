import type { CommitUnit, StateChange, StateReader } from '../log/port.ts'

type StatePart = NonNullable<CommitUnit['state']>[number]

/**
 * State of one task partition as the running fold sees it: what is committed, under what is on its way to the
 * log, under what the current batch changed. Keys are latin1 strings of their bytes.
 */
export class PendingState {
  readonly #store: string
  readonly #committed: StateReader
  #dirty = new Layer()
  #flying: Layer[] = []

  constructor(store: string, committed: StateReader) {
    this.#store = store
    this.#committed = committed
  }

  get(key: string): Buffer | undefined {
    for (const layer of this.#layers()) {
      const value = layer.changes.get(key)
      if (value !== undefined) return value ?? undefined
      if (layer.covers(key)) return undefined
    }
    return this.#committed.get(Buffer.from(key, 'latin1'))
  }

  has(key: string): boolean {
    for (const layer of this.#layers()) {
      const value = layer.changes.get(key)
      if (value !== undefined) return value !== null
      if (layer.covers(key)) return false
    }
    return this.#committed.has(Buffer.from(key, 'latin1'))
  }

  put(key: string, value: Buffer): void {
    this.#dirty.changes.set(key, value)
  }

  delete(key: string): void {
    this.#dirty.changes.set(key, null)
  }

  /** Removes every key in [from, to). */
  deleteRange(from: string, to: string): void {
    for (const key of this.#dirty.changes.keys()) if (key >= from && key < to) this.#dirty.changes.delete(key)
    this.#dirty.ranges.push([from, to])
  }

  /** Keys with a prefix in byte order, as they are now: what is changed meanwhile is not seen. */
  keys(prefix: string): string[] {
    const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`
    const found = new Set<string>()
    for (const { key } of this.#committed.range(Buffer.from(prefix, 'latin1'), Buffer.from(end, 'latin1')))
      found.add(key.toString('latin1'))
    for (const layer of this.#layers().reverse()) {
      if (layer.ranges.length) for (const key of found) if (layer.covers(key)) found.delete(key)
      for (const [key, value] of layer.changes)
        if (key.startsWith(prefix)) value === null ? found.delete(key) : found.add(key)
    }
    // latin1 strings compare as their bytes do
    return [...found].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }

  #layers(): Layer[] {
    return this.#flying.length === 0 ? [this.#dirty] : [this.#dirty, ...this.#flying]
  }

  /** The batch's changes for a commit; they stay visible until `landed`. */
  take(): StatePart | null {
    if (this.#dirty.changes.size === 0 && this.#dirty.ranges.length === 0) {
      this.#flying.unshift(new Layer())
      return null
    }
    const layer = this.#dirty
    this.#dirty = new Layer()
    this.#flying.unshift(layer)
    const changes: StateChange[] = []
    for (const [key, value] of layer.changes) changes.push({ key: Buffer.from(key, 'latin1'), value })
    const deleteRanges = layer.ranges.map(
      r => [Buffer.from(r[0], 'latin1'), Buffer.from(r[1], 'latin1')] as const,
    )
    return { store: this.#store, changes, deleteRanges }
  }

  /** The oldest taken changes are committed. */
  landed(): void {
    this.#flying.pop()
  }

  /** Forgets the current batch's changes. */
  rollback(): void {
    this.#dirty = new Layer()
  }
}

class Layer {
  readonly changes = new Map<string, Buffer | null>()
  readonly ranges: (readonly [string, string])[] = []
  covers(key: string): boolean {
    for (const [from, to] of this.ranges) if (key >= from && key < to) return true
    return false
  }
}
