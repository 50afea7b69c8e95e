/** After a refusal or a failure an action is looked at again after so long, doubling. Milliseconds. */
const FIRST_MS = 5_000
const LONGEST_MS = 300_000

/** When actions may be looked at again, by their ids. */
export class Waits {
  readonly #steady: () => number
  readonly #waits = new Map<string, { readonly times: number; readonly until: number }>()

  constructor(steady: () => number) {
    this.#steady = steady
  }

  isOver(id: string): boolean {
    return (this.#waits.get(id)?.until ?? Number.NEGATIVE_INFINITY) <= this.#steady()
  }

  /** @param leastMs what was asked for */
  put(id: string, leastMs = 0): void {
    const times = (this.#waits.get(id)?.times ?? 0) + 1
    const ms = Math.max(leastMs, Math.min(LONGEST_MS, FIRST_MS * 2 ** (times - 1)))
    this.#waits.set(id, { times, until: this.#steady() + ms })
  }

  /** Keeps those of actions that are still there. */
  prune(ids: ReadonlySet<string>): void {
    for (const id of this.#waits.keys()) if (!ids.has(id)) this.#waits.delete(id)
  }
}
