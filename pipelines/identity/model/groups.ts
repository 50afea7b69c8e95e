/** Things that were joined, by any names (Tarjan's union-find with path halving). */
export class Groups {
  readonly #parents = new Map<string, string>()

  /** Stands for the group that a thing is in; of one that was never joined, itself. */
  of(thing: string): string {
    let at = thing
    for (;;) {
      const parent = this.#parents.get(at)
      if (parent === undefined) return at
      const above = this.#parents.get(parent)
      if (above === undefined) return parent
      this.#parents.set(at, above)
      at = above
    }
  }

  /** False: they were in one group before. The group of `a` stands for both. */
  join(a: string, b: string): boolean {
    const [first, second] = [this.of(a), this.of(b)]
    if (first === second) return false
    this.#parents.set(second, first)
    return true
  }
}
