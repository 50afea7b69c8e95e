import type { Kind } from '../codec/kind.ts'
import { StratumError } from '../errors.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import type { PendingState } from '../state/pending.ts'

/** What a window adds up: numbers only. Amounts are integers (micros). */
export type Sums = Record<string, number>

export interface WindowSpec<A extends Sums = Sums> {
  /** Raise it with every change of the sums. */
  readonly version: number
  /** Length of a window, microseconds; windows begin at multiples of it. */
  readonly sizeUs: number
  /** Event time of a record, UTC microseconds. However late it is, it counts in its window, which is shown again. */
  time(record: never): number
  empty(): A
  /** Adds a record to its window, by kind. */
  readonly on: Readonly<Record<string, (sums: A, record: never) => void>>
  /** The record that shows a window as it now is. Of several changes at once only the last is shown. */
  show(window: Window<A>): Shown
}

export interface Window<A extends Sums = Sums> {
  /** Parts of the key of the records in it, tenant first. */
  readonly key: readonly string[]
  /** UTC microseconds. */
  readonly start: number
  readonly sums: Readonly<A>
}

export interface Shown {
  readonly topic: string
  readonly kind: Kind
  readonly value: object
  readonly key: readonly string[]
}

/** Declares windows; the types of sums and records follow from the declaration. */
export function windows<A extends Sums, R>(
  spec: Omit<WindowSpec<A>, 'time' | 'on'> & {
    time(record: R): number
    readonly on: Readonly<Record<string, (sums: A, record: R) => void>>
  },
): WindowSpec {
  return spec as unknown as WindowSpec
}

const SEP = '\0'
/** Windows kept in memory, of one fold. */
const CAPACITY = 200_000

class Entry {
  readonly of: KeyEntry
  readonly index: number
  readonly sums: Sums
  /** Ingest time of the latest record in it: its output's own, wherever batches fall. */
  time: number
  dirty = false

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
}

/** The windows of one stage in a running fold. Keyed by the records' own key, then by window. */
export class Windows {
  readonly spec: WindowSpec
  readonly #pending: PendingState
  readonly #stage: string
  readonly #prefix: string
  readonly #names: readonly string[]
  #byKey = new Map<string, KeyEntry>()
  #size = 0
  #dirty: Entry[] = []
  #touched: KeyEntry[] = []

  constructor(stage: string, spec: WindowSpec, pending: PendingState) {
    this.spec = spec
    this.#pending = pending
    this.#stage = stage
    this.#prefix = `${stage}${SEP}n${SEP}`
    this.#names = Object.keys(spec.empty())
  }

  /** Adds a record to its window. `time`: its ingest time. */
  add(kind: string, key: Buffer, record: unknown, time: number): void {
    const index = Math.floor(this.spec.time(record as never) / this.spec.sizeUs)
    const own = this.#of(key)
    let entry = own.windows.get(index)
    if (entry === undefined) {
      entry = this.#load(own, index)
      own.windows.set(index, entry)
      this.#size++
    }
    this.spec.on[kind]!(entry.sums, record as never)
    if (own.count++ === 0) this.#touched.push(own)
    if (time > entry.time) entry.time = time
    if (entry.dirty) return
    entry.dirty = true
    this.#dirty.push(entry)
  }

  #of(key: Buffer): KeyEntry {
    const name = key.toString('latin1')
    let own = this.#byKey.get(name)
    if (own === undefined) {
      own = new KeyEntry(name, this.#latest(name))
      this.#byKey.set(name, own)
    }
    return own
  }

  #latest(name: string): number {
    const from = `${this.#prefix}${name}${SEP}`
    const last = this.#pending.last(from, `${from.slice(0, -1)}\x01`)
    if (last === null) return Number.NEGATIVE_INFINITY
    const bytes = Buffer.from(last.slice(-6), 'latin1')
    return bytes.readUIntBE(0, 6)
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
      show(this.spec.show({ key: of.parts, start: index * sizeUs, sums }), time)
    }
    this.#dirty = []
    for (const key of this.#touched) {
      count(key.parts[0]!, key.count)
      key.count = 0
    }
    this.#touched = []
  }

  /** After a commit was taken: more than fits is forgotten, since it is all in the state. */
  rotate(): void {
    if (this.#size > CAPACITY) this.drop()
  }

  drop(): void {
    this.#byKey = new Map()
    this.#size = 0
    this.#dirty = []
    this.#touched = []
  }

  /** In byte order the windows of a key follow one another. */
  #stateKey(key: string, index: number): string {
    const high = Math.floor(index / 0x1000000)
    return `${this.#prefix}${key}${SEP}${bytes3(high)}${bytes3(index - high * 0x1000000)}`
  }

  #encode(sums: Sums, time: number): Buffer {
    const names = this.#names
    const out = Buffer.allocUnsafe(10 + 8 * names.length)
    out.writeUInt16BE(this.spec.version, 0)
    out.writeDoubleBE(time, 2)
    for (let i = 0; i < names.length; i++) out.writeDoubleBE(sums[names[i]!]!, 10 + 8 * i)
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
      sums[name] = bytes.readDoubleBE(10 + 8 * i)
    })
    return new Entry(own, index, sums, bytes.readDoubleBE(2))
  }
}

const bytes3 = (n: number) => String.fromCharCode((n >> 16) & 255, (n >> 8) & 255, n & 255)

/** Keys are kept as their bytes; most are ASCII. */
function partsOf(key: string): string[] {
  const text = /[\x80-\xff]/.test(key) ? Buffer.from(key, 'latin1').toString() : key
  return text.split(KEY_SEPARATOR)
}
