/** What answered calls cost, in the order of their answers: a long window holds calls by the hundred thousand. */
export class Past {
  /** Moments of the answers, and what all calls up to and with each have cost. */
  readonly #at: number[] = []
  readonly #sums: number[] = []
  /** Those before it are forgotten. */
  #first = 0
  #forgotten = 0

  /** @param at milliseconds, no less than any before it */
  add(at: number, cost: number): void {
    this.#at.push(at)
    this.#sums.push((this.#sums.at(-1) ?? this.#forgotten) + cost)
  }

  /** The cost of the calls that were answered after a moment. */
  costAfter(moment: number): number {
    const all = this.#sums.at(-1) ?? this.#forgotten
    return all - this.#sumBefore(this.#firstAfter(moment))
  }

  /** When the call was answered by which those after a moment had come to a cost above 0; null: they do not. */
  reached(moment: number, cost: number): number | null {
    const wanted = this.#sumBefore(this.#firstAfter(moment)) + cost
    const index = this.#search(i => this.#sums[i]! >= wanted)
    return this.#at[index] ?? null
  }

  /** Calls that were answered up to a moment are not asked for any more. */
  forget(moment: number): void {
    this.#first = this.#firstAfter(moment)
    // Moved now and then, not at every call.
    if (this.#first < 64 || this.#first * 2 < this.#at.length) return
    this.#forgotten = this.#sums[this.#first - 1]!
    this.#at.splice(0, this.#first)
    this.#sums.splice(0, this.#first)
    this.#first = 0
  }

  #firstAfter(moment: number): number {
    return this.#search(i => this.#at[i]! > moment)
  }

  #sumBefore(index: number): number {
    return index === 0 ? this.#forgotten : this.#sums[index - 1]!
  }

  /** The first index from which on something holds. */
  #search(holds: (index: number) => boolean): number {
    let [low, high] = [this.#first, this.#at.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(middle)) high = middle
      else low = middle + 1
    }
    return low
  }
}
