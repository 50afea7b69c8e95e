/** A batch that fails this often at one place is taken apart: the record that fails goes to the dead letters. */
const ATTEMPTS = 3
/** So many keys that crash at a tick are left out of it; with one more, the stage does without the tick. */
const TICKED_KEYS = 8

/** What of one record a stage does not take, and why. */
export interface Poison {
  /** Why it does not take the record at all; null: it does. */
  all: string | null
  /** Of a tick: why the stage does not take it for these keys. */
  readonly keys: Map<string, string>
}

/** What a batch has to do without, found by trying: by record, stage and, at a tick, key. */
export class Poisons {
  readonly #crashes = new Map<string, number>()
  readonly #found = new Map<number, Map<string, Poison>>()

  /** What is to be left out of the record at an offset, by stage. */
  of(offset: number): ReadonlyMap<string, Poison> | undefined {
    return this.#found.get(offset)
  }

  /** Notes a crash; the last of `ATTEMPTS` is the record's. Returns how often it has been by now. */
  crash(offset: number, stage: string, key: string | null, why: string): number {
    const place = `${offset}\0${stage}\0${key ?? ''}`
    const crashes = (this.#crashes.get(place) ?? 0) + 1
    this.#crashes.set(place, crashes)
    if (crashes >= ATTEMPTS) this.add(offset, stage, key, `crashed the stage ${ATTEMPTS} times: ${why}`)
    return crashes
  }

  add(offset: number, stage: string, key: string | null, reason: string): void {
    const stages = this.#found.get(offset) ?? new Map<string, Poison>()
    this.#found.set(offset, stages)
    const poison = stages.get(stage) ?? { all: null, keys: new Map<string, string>() }
    stages.set(stage, poison)
    if (key === null || poison.keys.size >= TICKED_KEYS) poison.all = reason
    else poison.keys.set(key, reason)
  }

  clear(): void {
    this.#crashes.clear()
    this.#found.clear()
  }
}
