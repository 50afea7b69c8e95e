/** Work on its way, so much of it at once. The first that fails is told at the next step, and to whoever waits for all. */
export class InFlight {
  readonly #limit: number
  readonly #open = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Resolves when there is room for the next. */
  async add(work: Promise<void>): Promise<void> {
    const own = work
      .catch(error => {
        this.#failure ??= { error }
      })
      .then(() => void this.#open.delete(own))
    this.#open.add(own)
    while (this.#open.size >= this.#limit) await Promise.race(this.#open)
    this.#check()
  }

  /** Resolves when nothing is on its way any more. A failure is told once. */
  async all(): Promise<void> {
    await Promise.all(this.#open)
    this.#check()
  }

  #check(): void {
    const failure = this.#failure
    this.#failure = null
    if (failure) throw failure.error
  }
}
