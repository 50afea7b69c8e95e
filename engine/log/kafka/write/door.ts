import type { CommitUnit } from '../../port.ts'

/** A unit and who waits for it. */
export class Entry {
  readonly unit: CommitUnit
  readonly done: Promise<void>
  resolve!: () => void
  #reject!: (error: unknown) => void
  /** What the same sender sent before it, until it is known that it went in. */
  #before: Entry | undefined
  #refusal: { readonly error: unknown } | null = null

  constructor(unit: CommitUnit, before?: Entry) {
    this.unit = unit
    this.#before = before
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.#reject = reject
    })
  }

  reject(error: unknown): void {
    this.#refusal = { error }
    this.#reject(error)
  }

  /** Refuses it, too, where the one before it was refused. Whether it may go on. */
  follow(): boolean {
    const refusal = this.#before ? this.#before.#refusal : null
    this.#before = undefined
    if (refusal) this.reject(refusal.error)
    return !refusal
  }
}

export interface DoorOptions {
  /** Throws where no try would ever end otherwise. */
  readonly check: (unit: CommitUnit) => void
  /** Nothing has to be found out about it first. */
  readonly ready: (unit: CommitUnit) => boolean
  /** Finds it out. What it throws refuses the unit. */
  readonly prepare: (unit: CommitUnit) => Promise<void>
  readonly admit: (entry: Entry) => void
}

/**
 * Lets units in, in the order in which they came: none goes past one that waits, and none goes in after one of the
 * same sender that was refused, for a position would be committed past what is missing.
 */
export class Door {
  readonly #o: DoorOptions
  readonly #waiting: Entry[] = []
  #busy = false

  constructor(options: DoorOptions) {
    this.#o = options
  }

  enter(entry: Entry): void {
    this.#waiting.push(entry)
    if (!this.#busy) this.#work()
  }

  #work(): void {
    for (let entry = this.#waiting[0]; entry; entry = this.#waiting[0]) {
      const { unit } = entry
      try {
        if (entry.follow()) {
          this.#o.check(unit)
          if (!this.#o.ready(unit)) return void this.#prepare(entry)
          this.#o.admit(entry)
        }
      } catch (error) {
        entry.reject(error)
      }
      this.#waiting.shift()
    }
  }

  async #prepare(entry: Entry): Promise<void> {
    this.#busy = true
    try {
      await this.#o.prepare(entry.unit)
      this.#o.admit(entry)
    } catch (error) {
      entry.reject(error)
    }
    this.#busy = false
    this.#waiting.shift()
    this.#work()
  }
}
