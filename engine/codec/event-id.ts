import type { Codec, Reader } from './codec.ts'

/** Event ids of records, read without the rest of them. */
export class EventIds {
  readonly #reader: Reader

  constructor(codec: Codec) {
    this.#reader = codec.projection(['event_id'])
  }

  /** null of a tombstone, of a kind that has none (a raw row) and of bytes that cannot be decoded. */
  of(value: Buffer | null): string | null {
    if (value === null) return null
    try {
      const { event_id: id } = this.#reader.decode(value).value
      return typeof id === 'string' ? id : null
    } catch {
      return null
    }
  }
}
