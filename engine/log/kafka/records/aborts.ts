import type { AbortedTransaction } from './fetch-response.ts'

/**
 * Tells records of aborted transactions, in one walk over a partition's batches in order. A producer's entry opens
 * at its first offset and ends at the producer's next abort marker; a producer may have several entries.
 */
export class AbortFilter {
  readonly #entries: readonly AbortedTransaction[]
  readonly #open = new Set<number>()
  #next = 0

  constructor(aborted: readonly AbortedTransaction[]) {
    // The protocol leaves the order open, and brokers do not keep to one.
    this.#entries = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether what this producer wrote into the batch that ends at `lastOffset` was aborted. */
  aborted(producerId: number, lastOffset: number): boolean {
    this.#advance(lastOffset)
    return this.#open.has(producerId)
  }

  /** The producer's abort marker, at `offset`. */
  marker(producerId: number, offset: number): void {
    this.#advance(offset)
    this.#open.delete(producerId)
  }

  #advance(offset: number): void {
    for (; this.#next < this.#entries.length; this.#next++) {
      const { producerId, firstOffset } = this.#entries[this.#next]!
      if (firstOffset > offset) return
      this.#open.add(producerId)
    }
  }
}
