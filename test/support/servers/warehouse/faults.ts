import { type Random, randomAt } from '../../../../connectors/shop/model/random.ts'

/** Something that is to go wrong with a statement. The first fault that applies is taken. */
export interface Fault {
  /**
   * `error`: an exception with `code`, or an answer without one (`status`, as of a gateway).
   * `hang`: no answer at all. `close`: the connection ends without one. `cut`: half an answer, then the connection
   * ends. `late`: the connection ends, and the statement is run `ms` later all the same. `die`: the process is
   * killed (SIGKILL).
   */
  readonly do: 'error' | 'hang' | 'close' | 'cut' | 'late' | 'die'
  /** Before the statement is run (the default), after it was, or `ms` after it began (`die` only). */
  readonly when?: 'before' | 'during' | 'after'
  /** Statements it is for; inserts unless said otherwise. */
  readonly on?: 'insert' | 'query' | 'any'
  /** How often, then it is over; every time when left out. */
  readonly times?: number
  /** Statements that go well before it. */
  readonly skip?: number
  /** Probability from 0 to 1, drawn from `seed`. */
  readonly chance?: number
  readonly seed?: number
  /** Of the exception; without it there is none, only `status`. */
  readonly code?: number
  readonly status?: number
  readonly ms?: number
}

export interface Watched extends Fault {
  /** How often it has struck. */
  readonly struck: number
}

interface Entry {
  readonly fault: Fault
  readonly random: Random
  skipped: number
  struck: number
}

/** The faults in force. The same seeds and statements give the same faults. */
export class Faults {
  #entries: Entry[] = []

  add(faults: readonly Fault[]): void {
    for (const fault of faults)
      this.#entries.push({ fault, random: randomAt(fault.seed ?? 1), skipped: 0, struck: 0 })
  }

  clear(): void {
    this.#entries = []
  }

  get list(): Watched[] {
    return this.#entries.map(({ fault, struck }) => ({ ...fault, struck }))
  }

  /** What goes wrong with this statement, or null. */
  next(statement: 'insert' | 'query'): Fault | null {
    for (const entry of this.#entries) {
      const { fault } = entry
      const { on = 'insert', times = Number.POSITIVE_INFINITY, skip = 0, chance = 1 } = fault
      if ((on !== 'any' && on !== statement) || entry.struck >= times) continue
      if (entry.skipped < skip) {
        entry.skipped++
        continue
      }
      if (chance < 1 && entry.random() >= chance) continue
      entry.struck++
      return fault
    }
    return null
  }
}
