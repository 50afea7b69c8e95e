import { StratumError } from '../errors.ts'
import { type CommitUnit, MAX_STATE_KEY_BYTES, type StateChange, type StateReader } from '../log/port.ts'
import { compare, Layer } from './layer.ts'

type StatePart = NonNullable<CommitUnit['state']>[number]

/**
 * State of one task partition as the running fold sees it: what is committed, under what is on its way to the
 * log, under what the current batch changed. Keys are latin1 strings of their bytes; one too long to be stored is
 * RECORD_INVALID where it is asked for, so that the record which has it can be told from the rest of its batch.
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
    return this.#committed.get(bytesOf(key))
  }

  has(key: string): boolean {
    for (const layer of this.#layers()) {
      const value = layer.changes.get(key)
      if (value !== undefined) return value !== null
      if (layer.covers(key)) return false
    }
    return this.#committed.has(bytesOf(key))
  }

  put(key: string, value: Buffer): void {
    this.#dirty.set(key, value)
  }

  delete(key: string): void {
    this.#dirty.set(key, null)
  }

  /** Removes every key in [from, to). */
  deleteRange(from: string, to: string): void {
    this.#dirty.deleteRange(from, to)
  }

  /** Keys with a prefix in byte order, as they are now: what is changed meanwhile is not seen. */
  keys(prefix: string): string[] {
    return this.between(
      prefix,
      `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`,
    )
  }

  /** Keys in [from, to) in byte order, as they are now. */
  between(from: string, to: string): string[] {
    const found = new Set<string>()
    for (const { key } of this.#committed.range(Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1')))
      found.add(key.toString('latin1'))
    for (const layer of this.#layers().reverse()) {
      if (layer.ranges.length) for (const key of found) if (layer.covers(key)) found.delete(key)
      for (const key of layer.between(from, to))
        layer.changes.get(key) === null ? found.delete(key) : found.add(key)
    }
    return [...found].sort(compare)
  }

  /** Changes not known to be committed. */
  get size(): number {
    return this.#layers().reduce((sum, { changes }) => sum + changes.size, 0)
  }

  /** The last key in [from, to), as it is now, or null. */
  last(from: string, to: string): string | null {
    const low = Buffer.from(from, 'latin1')
    let end: Buffer = Buffer.from(to, 'latin1')
    let found: string | null = null
    for (const layer of this.#layers())
      for (const key of layer.between(from, to))
        if (layer.changes.get(key) !== null && (found === null || key > found) && this.has(key)) found = key
    for (;;) {
      const last = this.#committed.last(low, end)
      const key = last?.toString('latin1') ?? null
      if (key === null || (found !== null && key <= found)) return found
      if (this.has(key)) return key
      end = last!
    }
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

function bytesOf(key: string): Buffer {
  if (key.length > MAX_STATE_KEY_BYTES)
    throw new StratumError(
      'RECORD_INVALID',
      `its key has ${key.length} bytes, and state is kept for keys of at most ${MAX_STATE_KEY_BYTES}`,
    )
  return Buffer.from(key, 'latin1')
}
