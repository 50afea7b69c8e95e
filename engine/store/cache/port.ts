import type { Windows } from './windows.ts'

/**
 * What is fast, shared and may be lost: rate limits, locks, sessions, values that can be had again. Redis, or memory
 * of this process. Names are the caller's: what belongs to a tenant begins with its name. Time is the cache's own.
 *
 * What happens while it is away is said at each use, since it differs: a value is missing, a limit holds for each
 * process by itself, a lock and a session are refused.
 */
export interface Cache {
  /** null: never set, past its time, thrown out, or the cache is away. */
  get(key: string): Promise<string | null>
  /** Whether it is kept; false: the cache is away, and what was there before, or this, may be read later. */
  set(key: string, value: string, ttlMs: number): Promise<boolean>
  /** @throws StratumError STORE_UNAVAILABLE: away; the value may be read until its time is over */
  delete(key: string): Promise<void>
  /**
   * Takes `n` tokens out of a bucket, or none if it has fewer. A bucket that is new is full. While the cache is away
   * each process has a bucket of its own, so that all together may take more than the limit.
   */
  take(bucket: string, limit: Limit, n?: number): Promise<Taken>
  /**
   * Keeps others out until it is released or `ttlMs` are over; null: another holds it. The names must be few: of
   * each the last token is remembered for a day.
   * @throws StratumError STORE_UNAVAILABLE: away; nobody gets a lock then
   */
  lock(name: string, ttlMs: number): Promise<Lock | null>
  readonly sessions: Sessions
  /** Rate limits of platforms, counted for all processes; null: there is one process, which counts by itself. */
  readonly windows: Windows | null
  close(): Promise<void>
}

export interface Limit {
  /** Tokens that come back in a second. */
  readonly perSecond: number
  /** What a bucket holds at most. */
  readonly burst: number
}

export interface Taken {
  readonly allowed: boolean
  /** Tokens left; a fraction while one comes back. */
  readonly remaining: number
  /** When `n` will be there, if nobody else takes any; 0 when allowed, null: never, the bucket is smaller. */
  readonly retryAfterMs: number | null
  /** When the bucket will be full. */
  readonly resetMs: number
  /** When it was taken, UTC microseconds of the clock that counts. */
  readonly at: number
  /** By the bucket of this process alone: the cache is away. */
  readonly isLocal: boolean
}

export interface Lock {
  /**
   * Higher than that of every holder before. A lock does not stop a holder that was paused for longer than its time:
   * what is written under it keeps the token, and refuses a lower one.
   */
  readonly token: number
  /** Whether it surely is this holder's still, by the time that has passed here. Asks nobody. */
  isHeld(): boolean
  /** Holds it `ttlMs` from now; false: it was lost. @throws StratumError STORE_UNAVAILABLE */
  extend(ttlMs: number): Promise<boolean>
  /** Whether it was held until now; false too while the cache is away, it ends with its time then. */
  release(): Promise<boolean>
}

/**
 * What is known of somebody who has signed in, or a token that can be used once. By owner, so that all of one can be
 * ended at once. Every method throws STORE_UNAVAILABLE while the cache is away: nobody is let in on a guess.
 */
export interface Sessions {
  /** Begins one, or gives one that is there new data and a new time. */
  put(owner: string, id: string, data: string, ttlMs: number): Promise<void>
  get(owner: string, id: string): Promise<string | null>
  /** Ends it; its data, once: of several that end the same one at once only one gets it. */
  end(owner: string, id: string): Promise<string | null>
  /** How many there were. */
  endAll(owner: string): Promise<number>
  /** Their ids, in order. */
  list(owner: string): Promise<string[]>
}
