import { KeyedState } from './keyed.ts'
import type { PendingState } from './pending.ts'

const SEP = '\0'
const DAY_US = 86_400_000_000
const YES = Buffer.alloc(0)
/** Days kept in memory, and members of each, of each generation. */
const BUCKETS = 4
const REMEMBERED = 2_000

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
  readonly #sweeps: string
  readonly #windowDays: number
  readonly #buckets = new Map<string, Bucket>()
  #last: { scope: readonly string[]; day: string; bucket: Bucket } | null = null
  #swept = -1

  constructor(stage: string, name: string, windowDays: number, pending: PendingState) {
    this.#pending = pending
    this.#members = `${stage}${SEP}s${SEP}${name}${SEP}`
    this.#days = `${stage}${SEP}d${SEP}${name}${SEP}`
    this.#sweeps = `${stage}${SEP}w${SEP}${name}`
    this.#windowDays = windowDays
  }

  /**
   * Adds a member of a day. `scope` is [tenant, source, …]; `arrival` the ingest time in microseconds.
   * `new`: it was not there · `seen`: it was · `sealed`: the day is closed.
   */
  add(scope: readonly string[], day: string, member: string, arrival: number): 'new' | 'seen' | 'sealed' {
    const today = Math.floor(arrival / DAY_US)
    if (today > this.#swept) this.#sweep(today)
    const bucket = this.#bucket(scope, day)
    if (bucket.seenOn < today && !this.#open(bucket, today)) return 'sealed'
    if (bucket.young.has(member)) return 'seen'
    const key = bucket.prefix + KeyedState.key([member])
    const known = bucket.old.has(member) || this.#pending.has(key)
    bucket.remember(member)
    if (known) return 'seen'
    this.#pending.put(key, YES)
    return 'new'
  }

  #bucket(scope: readonly string[], day: string): Bucket {
    const last = this.#last
    if (
      last?.day === day &&
      last.scope.length === scope.length &&
      scope.every((part, i) => part === last.scope[i])
    )
      return last.bucket
    const key = KeyedState.key([...scope, day])
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      if (this.#buckets.size >= BUCKETS) this.#buckets.clear()
      bucket = new Bucket(key, this.#members + key + SEP)
      this.#buckets.set(key, bucket)
    }
    this.#last = { scope: [...scope], day, bucket }
    return bucket
  }

  /** False for a sealed day. An open one is noted in the ledger as arrived at today. */
  #open(bucket: Bucket, today: number): boolean {
    const stored = this.#pending.get(this.#days + bucket.key)
    const last = stored?.readInt32BE(0) ?? -1
    if (last === SEALED) return false
    bucket.seenOn = Math.max(last, today)
    if (last < today) this.#pending.put(this.#days + bucket.key, int32(today))
    return true
  }

  /**
   * Seals days that nothing arrived for during the window. Once for each arrival day, also over restarts: a record
   * that arrives as of long ago would be answered otherwise after one.
   */
  #sweep(today: number): void {
    this.#swept = this.#pending.get(this.#sweeps)?.readInt32BE(0) ?? -1
    if (today <= this.#swept) return
    this.#swept = today
    this.#pending.put(this.#sweeps, int32(today))
    for (const key of this.#pending.keys(this.#days)) {
      const last = this.#pending.get(key)!.readInt32BE(0)
      if (last === SEALED || last >= today - this.#windowDays) continue
      const bucket = key.slice(this.#days.length)
      this.#pending.put(key, int32(SEALED))
      this.#buckets.delete(bucket)
      this.#last = null
      this.#pending.deleteRange(this.#members + bucket + SEP, `${this.#members + bucket}\x01`)
    }
  }

  /** Forgets everything that is not committed or on its way. */
  drop(): void {
    this.#buckets.clear()
    this.#last = null
    this.#swept = -1
  }
}

const SEALED = -2

/** A day of one scope, as far as it is remembered. */
class Bucket {
  readonly key: string
  readonly prefix: string
  /** Arrival day last written to the ledger, which is touched once a day and not once a record. */
  seenOn = -1
  // Members known to be there, in two generations: a session's next event seldom has to ask the store.
  young = new Set<string>()
  old = new Set<string>()

  constructor(key: string, prefix: string) {
    this.key = key
    this.prefix = prefix
  }

  remember(member: string): void {
    if (this.young.size >= REMEMBERED) {
      this.old = this.young
      this.young = new Set()
    }
    this.young.add(member)
  }
}

function int32(n: number): Buffer {
  const b = Buffer.allocUnsafe(4)
  b.writeInt32BE(n)
  return b
}
