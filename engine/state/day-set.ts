import { KeyedState } from './keyed.ts'
import type { PendingState } from './pending.ts'

const SEP = '\0'
const DAY_US = 86_400_000_000
const YES = Buffer.alloc(0)
/** Members kept in memory, of each generation. */
const REMEMBERED = 10_000

/**
 * Exact sets of members per day, with a bound: the members of a day are kept until nothing has arrived for the
 * day during `windowDays` of arrival time. Then the day is sealed: what comes later for it can no longer be told
 * apart from a repeat, and is answered `sealed` instead of counted twice or dropped unseen.
 *
 * A day never seen before is always open, however old: history may be read in at any time.
 * Cost: one key of about 60 bytes a member, on disk; in memory only the members last asked for.
 */
export class DaySet {
  readonly #pending: PendingState
  readonly #members: string
  readonly #days: string
  readonly #windowDays: number
  // The arrival day last written for an open day, so that the ledger is touched once a day and not once a record.
  readonly #ledger = new Map<string, number>()
  #swept = -1
  // Members known to be there, in two generations: a session's next event seldom has to ask the store.
  #young = new Set<string>()
  #old = new Set<string>()

  constructor(stage: string, name: string, windowDays: number, pending: PendingState) {
    this.#pending = pending
    this.#members = `${stage}${SEP}s${SEP}${name}${SEP}`
    this.#days = `${stage}${SEP}d${SEP}${name}${SEP}`
    this.#windowDays = windowDays
  }

  /**
   * Adds a member of a day. `scope` is [tenant, source, …]; `arrival` the ingest time in microseconds.
   * `new`: it was not there · `seen`: it was · `sealed`: the day is closed.
   */
  add(scope: readonly string[], day: string, member: string, arrival: number): 'new' | 'seen' | 'sealed' {
    const bucket = KeyedState.key([...scope, day])
    if (!this.#open(bucket, Math.floor(arrival / DAY_US))) return 'sealed'
    const key = this.#members + bucket + SEP + KeyedState.key([member])
    if (this.#young.has(key)) return 'seen'
    const known = this.#old.has(key) || this.#pending.has(key)
    this.#remember(key)
    if (known) return 'seen'
    this.#pending.put(key, YES)
    return 'new'
  }

  #remember(key: string): void {
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young
      this.#young = new Set()
    }
    this.#young.add(key)
  }

  #open(bucket: string, today: number): boolean {
    if (today > this.#swept) this.#sweep(today)
    const known = this.#ledger.get(bucket)
    if (known !== undefined && known >= today) return true
    const stored = this.#pending.get(this.#days + bucket)
    const last = stored?.readInt32BE(0) ?? -1
    if (last === SEALED) return false
    this.#ledger.set(bucket, Math.max(last, today))
    if (last < today) this.#pending.put(this.#days + bucket, int32(today))
    return true
  }

  /** Seals days that nothing arrived for during the window. Once for each arrival day. */
  #sweep(today: number): void {
    this.#swept = today
    for (const key of this.#pending.keys(this.#days)) {
      const last = this.#pending.get(key)!.readInt32BE(0)
      if (last === SEALED || last >= today - this.#windowDays) continue
      const bucket = key.slice(this.#days.length)
      this.#pending.put(key, int32(SEALED))
      this.#ledger.delete(bucket)
      this.#pending.deleteRange(this.#members + bucket + SEP, `${this.#members + bucket}\x01`)
    }
  }

  /** Forgets everything that is not committed or on its way. */
  drop(): void {
    this.#ledger.clear()
    this.#young.clear()
    this.#old.clear()
    this.#swept = -1
  }
}

const SEALED = -2

function int32(n: number): Buffer {
  const b = Buffer.allocUnsafe(4)
  b.writeInt32BE(n)
  return b
}
