import type { ReadBatch } from '../../../plugins/contract.ts'
import type { TapRecord } from '../record.ts'
import { Again } from './again.ts'
import type { Entry } from './entry.ts'
import type { Position } from './position.ts'
import { isProgress } from './progress.ts'

export type TapBatch = ReadBatch<TapRecord, Position>

/** Waits for its state at most: entries, and characters of their texts. */
export interface HoldLimits {
  readonly entries: number
  readonly size: number
}

interface Covered {
  /** The first so many of those that wait, and their size. */
  readonly entries: number
  readonly size: number
  /** Where reading goes on behind them. */
  readonly position: Position
}

/** Meltano's SDK sends a state with every 10,000 records. */
export const LIMITS: HoldLimits = { entries: 12_000, size: 16 << 20 }

/**
 * Holds entries back until the tap's state that covers them has come, so that they commit with it. What waits too
 * long goes out with the state before and is remembered by number and digest: see `Again`.
 */
export class Hold {
  readonly #limits: HoldLimits
  /** Where reading goes on behind all that was given out. */
  #position: Position
  /** Where it does behind the last state that counts. */
  #covered: Covered | null = null
  #entries: Entry[] = []
  #size = 0
  #sequence: number
  #schemas: Position['schemas']
  #again: Again
  #last: string | null = null

  constructor(position: Position, limits: HoldLimits = LIMITS) {
    this.#limits = limits
    this.#position = position
    this.#sequence = position.sequence
    this.#schemas = position.schemas
    this.#again = new Again(position.again)
  }

  /** Of the next entry. */
  get sequence(): number {
    return this.#sequence
  }

  /** Something can be given out with its state. */
  get isCovered(): boolean {
    return this.#covered !== null
  }

  /** The last state of the tap; null: it has sent none. */
  get lastState(): string | null {
    return this.#last
  }

  /** A line of the tap; `size` in characters. @throws NotRepeated */
  add(entry: Entry, size: number): void {
    if (this.#again.waits) this.#again.skip(entry)
    else this.#keep(entry, size)
  }

  /**
   * Whether the next record of a stream has to come behind its schema: a tap sends schemas in every run, and they are
   * handed on when they are others. Asked for records only, so that the answer is the same when they come again.
   */
  wantsSchema(stream: string, hash: string): boolean {
    return !(this.#again.waits || (Object.hasOwn(this.#schemas, stream) && this.#schemas[stream] === hash))
  }

  schema(row: TapRecord & { readonly schema_hash: string }): void {
    this.#schemas = { ...this.#schemas, [row.stream]: row.schema_hash }
    this.#keep({ row }, row.schema!.length)
  }

  state(text: string): void {
    this.#last = text
    // What comes again is behind the state before: one that comes in the midst of it covers less than was given out.
    if (this.#again.waits) return
    const before = this.#covered?.position.tap ?? this.#position.tap
    if (isProgress(before, text)) this.#cover(text)
  }

  /** What may go out now. `all`: what is covered, however little it is. */
  take(all: boolean): TapBatch | null {
    const { entries, size } = this.#limits
    const covered = this.#covered
    if (covered !== null && (all || covered.entries >= entries / 4 || covered.size >= size / 4))
      return this.#takeCovered(covered)
    if (this.#entries.length < entries && this.#size < size) return null
    return covered !== null ? this.#takeCovered(covered) : this.#takeEarly()
  }

  /** The tap has ended well: its last state covers everything. null: nothing is new. @throws NotRepeated */
  end(): TapBatch | null {
    this.#again.end()
    const tap = this.#last ?? this.#covered?.position.tap ?? this.#position.tap
    if (this.#entries.length === 0 && tap === this.#position.tap && this.#position.again === null) return null
    this.#cover(tap)
    return this.#takeCovered(this.#covered!)
  }

  #keep(entry: Entry, size: number): void {
    this.#entries.push(entry)
    this.#size += size
    this.#sequence++
  }

  #cover(tap: string | null): void {
    this.#covered = {
      entries: this.#entries.length,
      size: this.#size,
      position: { version: 1, sequence: this.#sequence, tap, again: null, schemas: this.#schemas },
    }
  }

  #takeCovered({ entries, size, position }: Covered): TapBatch {
    const taken = this.#entries.splice(0, entries)
    this.#size -= size
    this.#covered = null
    this.#again = new Again(null)
    this.#position = position
    return batchOf(taken, position)
  }

  #takeEarly(): TapBatch {
    const taken = this.#entries
    this.#entries = []
    this.#size = 0
    for (const entry of taken) if (!isSchema(entry)) this.#again.add(entry)
    const { tap } = this.#position
    this.#position = {
      version: 1,
      sequence: this.#sequence,
      tap,
      again: this.#again.position,
      schemas: this.#schemas,
    }
    return batchOf(taken, this.#position)
  }
}

const isSchema = (entry: Entry): boolean => 'row' in entry && entry.row.type === 'SCHEMA'

function batchOf(entries: readonly Entry[], state: Position): TapBatch {
  const records: TapRecord[] = []
  const rejected = []
  for (const entry of entries)
    if ('row' in entry) records.push(entry.row)
    else rejected.push(entry.rejected)
  return { records, state, ...(rejected.length > 0 ? { rejected } : {}) }
}
