import { StratumError } from '../errors.ts'
import { DaySet } from '../state/day-set.ts'
import { KeyedState, type StateSchema } from '../state/keyed.ts'
import type { PendingState } from '../state/pending.ts'
import type { Stage } from './stage.ts'
import { Windows } from './window-sums.ts'

const NO_STATE: StateSchema<unknown> = { version: 1, empty: () => ({}) }

/** One stage in a running fold: its declaration, its state, its sets. */
export class Slot {
  readonly stage: Stage
  readonly keyed: KeyedState<unknown>
  /** Records of the batch the stage was given, by tenant. */
  readonly counts = new Map<string, number>()
  readonly windows: Windows | null
  readonly #sets = new Map<string, DaySet>()

  constructor(stage: Stage, pending: PendingState, capacity?: number) {
    this.stage = stage
    this.keyed = new KeyedState(stage.name, stage.state ?? NO_STATE, pending, capacity)
    this.windows = stage.windows ? new Windows(stage.name, stage.windows, pending, capacity) : null
    for (const [name, { windowDays }] of Object.entries(stage.sets ?? {}))
      this.#sets.set(name, new DaySet(stage.name, name, windowDays, pending))
  }

  set(name: string): DaySet {
    const set = this.#sets.get(name)
    if (!set) throw new StratumError('NOT_FOUND', `Stage ${this.stage.name} declares no set ${name}.`)
    return set
  }

  count(tenant: string, records = 1): void {
    this.counts.set(tenant, (this.counts.get(tenant) ?? 0) + records)
  }

  drop(): void {
    this.keyed.drop()
    this.windows?.drop()
    for (const set of this.#sets.values()) set.drop()
  }
}
