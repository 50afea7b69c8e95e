import type { Tick } from '../clock/tick.ts'
import type { Kind } from '../codec/kind.ts'
import type { StateSchema } from '../state/keyed.ts'
import type { WindowSpec } from './windows.ts'

/**
 * A stage: a pure fold. It sees the records of one partition in order and nothing else: no clock, no randomness,
 * no I/O. Time comes as ticks. It does not see where batches or commits fall.
 */
export interface Stage<S = unknown> {
  readonly name: string
  /** Raise it when the same input would give other output. Part of every deduplication token downstream. */
  readonly version: number
  /** Key of a record's state, tenant first; null: this record has none (the handler gets an empty state). */
  key?(record: never): readonly string[] | null
  readonly state?: StateSchema<S>
  /** Exact sets per day (`ctx.first`), with the days of arrival they are kept for. */
  readonly sets?: Readonly<Record<string, { readonly windowDays: number }>>
  /** Sums in windows of event time, by the records' own key. */
  readonly windows?: WindowSpec
  /** Handlers by kind of record. A kind without one passes by. */
  readonly on: Readonly<Record<string, Handler<S>>>
  /** Fields the handlers read, by kind: the rest is not decoded. Left out: all. */
  readonly reads?: Readonly<Record<string, readonly string[]>>
  /** Which keys of the tick's tenant `tick` is called for: all, or those changed since their last tick. */
  readonly ticks?: 'all' | 'touched'
  /** The tick's watermark is the latest of its tenant: ticks of a connection that reads history set no time back. */
  tick?(state: S, tick: Tick, ctx: TickContext): void
}

export type Handler<S> = (state: S, record: never, ctx: StageContext) => void

export interface StageContext {
  /** Where the record in hand lies, and how many partitions its topic has. */
  readonly input: {
    readonly topic: string
    readonly partition: number
    readonly partitions: number
    readonly offset: number
  }
  /** Hands a record to the stages after this one; what comes out at the end of the row goes to the task's `to`. */
  hand<T extends object>(kind: Kind<T>, value: T): void
  /** Writes a record to an output topic. `key` begins with the tenant. */
  emit<T extends object>(topic: string, kind: Kind<T>, value: T, key: readonly string[]): void
  /** Writes the record in hand, as it is, to another topic under another key. */
  forward(topic: string, key: readonly string[]): void
  /** Writes the record in hand to every partition of a topic (ticks reach every fold that way). */
  broadcast(topic: string): void
  /** Writes a record to every partition of a topic, under its tenant's key: what all its folds go by. */
  emitToAll<T extends object>(topic: string, kind: Kind<T>, value: T): void
  /** Keeps the record from the stages after this one. */
  drop(): void
  /** The state is as it was before this record (or tick): it is not written again. */
  unchanged(): void
  /** The record is bad: it goes to the dead letters and no further. */
  reject(reason: string): void
  /**
   * The stage's state at another key of the tenant, for what is found at one key and concerns others (a graph). It may
   * be changed in place when `otherChanged` follows.
   */
  other<S>(key: readonly string[]): S
  /** The state at that key changed: it is part of the next commit. */
  otherChanged(key: readonly string[]): void
  /** Forgets the state at that key. */
  forgetOther(key: readonly string[]): void
  /** Adds a member to one of the stage's day sets: new, seen, or sealed (see DaySet). */
  first(
    set: string,
    scope: readonly string[],
    day: string,
    member: string,
    arrival: number,
  ): 'new' | 'seen' | 'sealed'
}

export interface TickContext extends StageContext {
  /** The key whose state is in hand, as `key` made it. */
  readonly key: readonly string[]
  /** With `ticks: 'touched'`: look at this key again at the next tick, changed or not. */
  again(): void
  /** Forgets the state of this key. */
  forget(): void
}

/** Declares a stage; the types of state and records follow from the declaration. */
export function stage<
  S,
  H extends Readonly<Record<string, (state: S, record: never, ctx: StageContext) => void>>,
>(definition: Omit<Stage<S>, 'on'> & { readonly on: H }): Stage {
  return definition as unknown as Stage
}

/** Version of what a stage keeps, by which releases are told apart; null when it keeps nothing that has one. */
export const stateVersion = ({ state, windows }: Stage): number | null =>
  state?.version ?? windows?.version ?? null
