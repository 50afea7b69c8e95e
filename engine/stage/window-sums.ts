import { StratumError } from '../errors.ts'
import { MAX_STATE_KEY_BYTES } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import type { PendingState } from '../state/pending.ts'
import { ClosedWindows } from './window-closing.ts'
import { indexBytes, indexOf, SEP } from './window-keys.ts'
import type { Shown, Sums, WindowSpec } from './windows.ts'

/** Windows kept in memory, of one fold: what it adds to in the last minutes. All are in the state. */
const CAPACITY = 25_000
/** Keys whose latest window is remembered after they were forgotten. */
const REMEMBERED = 100_000
/** With more changes on their way, looking for a key's latest window among them costs more than it saves. */
const LOOK_THROUGH = 1_000
/** Version, ingest time; then the sums. */
const HEADER = 10

class Entry {
  readonly of: KeyEntry
  readonly index: number
  readonly sums: Sums
  /** Ingest time of the latest record in it: its output's own, wherever batches fall. */
  time: number
  dirty = false
  /** It was added to since the last tidying. */
  used = true
  /** It is known when it is to be removed. */
  noted = false

  constructor(of: KeyEntry, index: number, sums: Sums, time: number) {
    this.of = of
    this.index = index
    this.sums = sums
    this.time = time
  }
}

/** A key of records, with those of its windows that are in memory. */
class KeyEntry {
  /** Its bytes, a character each. */
  readonly name: string
  readonly parts: readonly string[]
  readonly windows = new Map<number, Entry>()
  /** The latest window there is of it: a later one need not be looked for. */
  latest: number
  /** Records of the batch. */
  count = 0

  constructor(name: string, latest: number) {
    this.name = name
    this.parts = partsOf(name)
    this.latest = latest
  }

  get tenant(): string {
    return this.parts[0]!
  }
}

/** The windows of one stage in a running fold. Keyed by the records' own key, then by window. */
export class Windows {
  readonly spec: WindowSpec
  readonly #pending: PendingState
  readonly #stage: string
  readonly #prefix: string
  readonly #names: readonly string[]
  readonly #capacity: number
  readonly #closed: ClosedWindows | null
  #byKey = new Map<string, KeyEntry>()
  /** Of keys that are not in memory: no lower than the latest window there is. */
  readonly #latestOf = new Map<string, number>()
  #size = 0
  #dirty: Entry[] = []
  #touched: KeyEntry[] = []

  constructor(stage: string, spec: WindowSpec, pending: PendingState, capacity = CAPACITY) {
    this.spec = spec
    this.#pending = pending
    this.#stage = stage
    this.#prefix = `${stage}${SEP}n${SEP}`
    this.#names = Object.keys(spec.empty())
    this.#capacity = capacity
    const { retainUs, sizeUs } = spec
    this.#closed = retainUs === undefined ? null : new ClosedWindows(stage, { retainUs, sizeUs }, pending)
  }

  /** Whether ticks remove windows. */
  get closes(): boolean {
    return this.#closed !== null
  }

  /** Adds a record to its window. `time`: its ingest time. The reason why it cannot be counted, or null. */
  add(kind: string, key: Buffer, record: unknown, time: number): string | null {
    const at: unknown = this.spec.time(record as never)
    const index = Number.isFinite(at) ? Math.floor((at as number) / this.spec.sizeUs) : Number.NaN
    if (!Number.isSafeInteger(index)) return `its event time is ${String(at)}, and no window has such a one`
    const own = this.#of(key)
    if (this.#closed?.has(own.tenant, index)) return this.#closed.reason
    let entry = own.windows.get(index)
    if (entry === undefined) {
      entry = this.#load(own, index)
      own.windows.set(index, entry)
      this.#size++
    }
    this.spec.on[kind]!(entry.sums, record as never)
    if (own.count++ === 0) this.#touched.push(own)
    if (time > entry.time) entry.time = time
    if (entry.dirty) return null
    entry.dirty = true
    entry.used = true
    this.#dirty.push(entry)
    return null
  }

  /** Removes what of a tenant is past its time. Changes have to be shown before. */
  close(tenant: string, watermark: number): void {
    for (const { name, index } of this.#closed?.advance(tenant, watermark) ?? []) {
      this.#pending.delete(this.#stateKey(name, index))
      if (this.#byKey.get(name)?.windows.delete(index)) this.#size--
    }
  }

  #of(key: Buffer): KeyEntry {
    const name = key.toString('latin1')
    let own = this.#byKey.get(name)
    if (own === undefined) {
      own = new KeyEntry(name, this.#latestOf.get(name) ?? this.#latest(name))
      this.#latestOf.delete(name)
      this.#byKey.set(name, own)
    }
    return own
  }

  #latest(name: string): number {
    const from = `${this.#prefix}${name}${SEP}`
    const bytes = Math.max(from.length + 6, this.#closed?.keyLength(name) ?? 0)
    if (bytes > MAX_STATE_KEY_BYTES)
      throw new StratumError(
        'RECORD_INVALID',
        `its key is too long: with its window it has ${bytes} bytes, and state is kept for keys of at most ${MAX_STATE_KEY_BYTES}`,
      )
    if (this.#pending.size > LOOK_THROUGH) return Number.POSITIVE_INFINITY
    const last = this.#pending.last(from, `${from.slice(0, -1)}\x01`)
    if (last === null) return Number.NEGATIVE_INFINITY
    // A key with a NUL in it begins as this one: then every window is looked for.
    return last.length === from.length + 6 ? indexOf(last.slice(-6)) : Number.POSITIVE_INFINITY
  }

  /**
   * Puts what changed into the state of the batch, and shows it. `count` is told how many records each tenant's
   * windows took.
   */
  flush(show: (shown: Shown, time: number) => void, count: (tenant: string, records: number) => void): void {
    const { sizeUs } = this.spec
    for (const entry of this.#dirty) {
      entry.dirty = false
      const { of, index, sums, time } = entry
      this.#pending.put(this.#stateKey(of.name, index), this.#encode(sums, time))
      if (!entry.noted) this.#closed?.note(of.tenant, of.name, index)
      entry.noted = true
      show(this.spec.show({ key: of.parts, start: index * sizeUs, sums }), time)
    }
    this.#dirty = []
    for (const key of this.#touched) {
      count(key.tenant, key.count)
      key.count = 0
    }
    this.#touched = []
  }

  /** After a commit was taken: of more than fits, what nothing was added to lately is forgotten, or else all. */
  rotate(): void {
    if (this.#size <= this.#capacity) return
    for (const [name, own] of this.#byKey) {
      for (const [index, entry] of own.windows) {
        if (!entry.used) own.windows.delete(index)
        entry.used = false
      }
      if (own.windows.size > 0) continue
      this.#byKey.delete(name)
      this.#remember(own)
    }
    this.#size = 0
    for (const { windows } of this.#byKey.values()) this.#size += windows.size
    // Tidying so often would be most of the work.
    if (this.#size > this.#capacity / 2) this.drop()
  }

  /** Windows in memory. */
  get size(): number {
    return this.#size
  }

  #remember({ name, latest }: KeyEntry): void {
    if (this.#latestOf.size >= REMEMBERED) this.#latestOf.clear()
    this.#latestOf.set(name, latest)
  }

  drop(): void {
    for (const own of this.#byKey.values()) this.#remember(own)
    this.#byKey = new Map()
    this.#size = 0
    this.#dirty = []
    this.#touched = []
    this.#closed?.drop()
  }

  /** In byte order the windows of a key follow one another. */
  #stateKey(key: string, index: number): string {
    return `${this.#prefix}${key}${SEP}${indexBytes(index)}`
  }

  #encode(sums: Sums, time: number): Buffer {
    const names = this.#names
    const out = Buffer.allocUnsafe(HEADER + 8 * names.length)
    out.writeUInt16BE(this.spec.version, 0)
    out.writeDoubleBE(time, 2)
    for (let i = 0; i < names.length; i++) {
      const sum = sums[names[i]!]!
      if (!Number.isFinite(sum))
        throw new StratumError('RECORD_INVALID', `with it the sum ${names[i]} of its window is ${sum}`)
      out.writeDoubleBE(sum, HEADER + 8 * i)
    }
    return out
  }

  #load(own: KeyEntry, index: number): Entry {
    const sums = this.spec.empty()
    const isNew = index > own.latest
    if (isNew) own.latest = index
    const bytes = isNew ? undefined : this.#pending.get(this.#stateKey(own.name, index))
    if (bytes === undefined) return new Entry(own, index, sums, 0)
    const version = bytes.readUInt16BE(0)
    if (version !== this.spec.version)
      throw new StratumError(
        'STATE_VERSION',
        `Windows of stage ${this.#stage} have version ${version}, this release reads ${this.spec.version}. Run the release that wrote them, or give the stage another name.`,
      )
    this.#names.forEach((name, i) => {
      sums[name] = bytes.readDoubleBE(HEADER + 8 * i)
    })
    return new Entry(own, index, sums, bytes.readDoubleBE(2))
  }
}

/** Keys are kept as their bytes; most are ASCII. */
function partsOf(key: string): string[] {
  const text = /[\x80-\xff]/.test(key) ? Buffer.from(key, 'latin1').toString() : key
  return text.split(KEY_SEPARATOR)
}
