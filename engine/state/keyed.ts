import { Packr } from 'msgpackr'
import { StratumError } from '../errors.ts'
import type { PendingState } from './pending.ts'

const packr = new Packr({ useRecords: false, moreTypes: false, int64AsType: 'number' })
const SEP = '\0'

export interface StateSchema<S> {
  /** Raise it with every change of the shape. */
  readonly version: number
  empty(): S
  /** A value of an older version in this one's shape. Without it, an older state is refused at start. */
  migrate?(old: unknown, from: number): S
}

/** Values per key of one stage, decoded once and kept while warm. */
export class KeyedState<S> {
  readonly #pending: PendingState
  readonly #schema: StateSchema<S>
  readonly #stage: string
  readonly #values: string
  readonly #touched: string
  readonly #capacity: number
  // Two generations: what was not used for a whole generation is forgotten. Cheaper than a list in order of use.
  #young = new Map<string, S>()
  #old = new Map<string, S>()
  readonly #dirty = new Map<string, S>()
  // Keys whose mark for the next round is already pending.
  readonly #marked = new Set<string>()

  constructor(stage: string, schema: StateSchema<S>, pending: PendingState, capacity = 5_000) {
    this.#stage = stage
    this.#schema = schema
    this.#pending = pending
    this.#values = `${stage}${SEP}v${SEP}`
    this.#touched = `${stage}${SEP}t${SEP}`
    this.#capacity = capacity
  }

  /** @throws RECORD_INVALID when a part holds the separator: two keys could meet */
  static key(parts: readonly string[]): string {
    for (const part of parts)
      if (part.includes(SEP))
        throw new StratumError('RECORD_INVALID', 'a part of its key holds the character NUL')
    const text = parts.join(SEP)
    // Only text beyond ASCII needs its UTF-8 bytes.
    return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
  }

  static parts(key: string): string[] {
    return Buffer.from(key, 'latin1').toString().split(SEP)
  }

  /** The value, made empty where there was none. It may be changed in place when `touch` follows. */
  get(key: string): S {
    let value = this.#young.get(key)
    if (value !== undefined) return value
    value = this.#old.get(key) ?? this.#load(key) ?? this.#schema.empty()
    this.#young.set(key, value)
    return value
  }

  /** The value changed: it is part of the next commit, and of the next round over touched keys. */
  touch(key: string, forTick: boolean): void {
    this.#dirty.set(key, this.#young.get(key)!)
    if (!forTick || this.#marked.has(key)) return
    this.#marked.add(key)
    this.#pending.put(this.#touched + key, EMPTY)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
    this.#dirty.delete(key)
    this.#pending.delete(this.#values + key)
  }

  /** Keys of a tenant in byte order. `touched`: only those changed since they were last cleared. */
  keys(tenant: string, touched: boolean): string[] {
    if (!touched) this.flush()
    const base = touched ? this.#touched : this.#values
    // The tenant may be the whole key.
    const own = base + KeyedState.key([tenant])
    const keys = this.#pending.keys(own + SEP)
    if (this.#pending.has(own)) keys.unshift(own)
    return keys.map(k => k.slice(base.length))
  }

  clearTouched(key: string): void {
    this.#marked.delete(key)
    this.#pending.delete(this.#touched + key)
  }

  /** Encodes what changed into the pending changes of the batch. */
  flush(): void {
    for (const [key, value] of this.#dirty) this.#pending.put(this.#values + key, this.#encode(value))
    this.#dirty.clear()
  }

  /** After a commit was taken: forget what is cold. */
  rotate(): void {
    if (this.#marked.size > this.#capacity) this.#marked.clear()
    if (this.#young.size < this.#capacity) return
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Forgets everything that is not committed or on its way. */
  drop(): void {
    this.#young = new Map()
    this.#old = new Map()
    this.#dirty.clear()
    this.#marked.clear()
  }

  #encode(value: S): Buffer {
    const body = packr.pack(value)
    const out = Buffer.allocUnsafe(2 + body.length)
    out.writeUInt16BE(this.#schema.version, 0)
    body.copy(out, 2)
    return out
  }

  #load(key: string): S | undefined {
    const bytes = this.#pending.get(this.#values + key)
    if (bytes === undefined) return undefined
    const version = bytes.readUInt16BE(0)
    const value = packr.unpack(bytes.subarray(2)) as unknown
    if (version === this.#schema.version) return value as S
    if (version < this.#schema.version && this.#schema.migrate) return this.#schema.migrate(value, version)
    throw new StratumError(
      'STATE_VERSION',
      `State of stage ${this.#stage} has version ${version}, this release reads ${this.#schema.version}. Run the release that wrote it, or one that migrates it.`,
    )
  }
}

const EMPTY = Buffer.alloc(0)
