import type { Kind } from '../codec/kind.ts'
import { StratumError } from '../errors.ts'
import type { StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { KeyedState } from '../state/keyed.ts'
import type { Outputs } from './outputs.ts'
import type { Slot } from './slot.ts'
import type { TickContext } from './stage.ts'

/** The fold a context belongs to. */
interface Folding {
  readonly topic: string
  readonly partition: number
  readonly partitions: number
  dropped(stage: string): void
  reject(record: StoredRecord, stage: string, reason: string): void
}

/** What a stage sees of the record in hand, and does with it. */
export class Context implements TickContext {
  record!: StoredRecord
  slot: Slot | undefined
  handed: { kind: Kind; value: object }[] = []
  dropped = false
  forgotten = false
  repeat = false
  same = false
  key: readonly string[] = []
  /** The key whose tick is under way. */
  ticked: string | null = null
  readonly #fold: Folding
  readonly #outputs: Outputs
  readonly #kinds = new Map<string, Kind>()

  constructor(fold: Folding, outputs: Outputs) {
    this.#fold = fold
    this.#outputs = outputs
  }

  begin(slot: Slot): void {
    this.slot = slot
    this.#outputs.stage = slot.stage.name
    this.handed = []
    this.dropped = false
    this.ticked = null
  }

  kindOf(name: string): Kind {
    return this.#kinds.get(name)!
  }

  get input() {
    const { topic, partition, partitions } = this.#fold
    return { topic, partition, partitions, offset: this.record.offset }
  }

  hand<T extends object>(kind: Kind<T>, value: T): void {
    this.#kinds.set(kind.name, kind)
    this.handed.push({ kind, value })
  }

  emit<T extends object>(topic: string, kind: Kind<T>, value: T, key: readonly string[]): void {
    this.#outputs.emit(topic, kind, value, key, this.record.time)
  }

  forward(topic: string, key: readonly string[]): void {
    this.#outputs.forward(topic, this.record, key)
  }

  broadcast(topic: string): void {
    this.#outputs.broadcast(topic, this.record)
  }

  emitToAll<T extends object>(topic: string, kind: Kind<T>, value: T): void {
    this.#outputs.emitToAll(topic, kind, value, this.record.time)
  }

  drop(): void {
    this.dropped = true
    this.#fold.dropped(this.slot!.stage.name)
  }

  reject(reason: string): void {
    this.dropped = true
    this.#fold.reject(this.record, this.slot!.stage.name, reason)
  }

  first(set: string, scope: readonly string[], day: string, member: string, arrival: number) {
    return this.slot!.set(set).add(scope, day, member, arrival)
  }

  other<S>(key: readonly string[]): S {
    return this.slot!.keyed.get(this.#otherKey(key)) as S
  }

  otherChanged(key: readonly string[]): void {
    this.slot!.keyed.touch(this.#otherKey(key), this.slot!.stage.ticks === 'touched')
  }

  forgetOther(key: readonly string[]): void {
    this.slot!.keyed.delete(this.#otherKey(key))
  }

  /** Keys of one tenant are in one partition: of another tenant's there may be another state elsewhere. */
  #otherKey(key: readonly string[]): string {
    const tenant = tenantOf(this.record.key)
    if (key[0] !== tenant)
      throw new StratumError(
        'RECORD_INVALID',
        `Stage ${this.slot!.stage.name} may look at the state of ${tenant}, not of ${key[0]}.`,
      )
    return KeyedState.key(key)
  }

  again(): void {
    this.repeat = true
  }

  forget(): void {
    this.forgotten = true
  }

  unchanged(): void {
    this.same = true
  }
}
