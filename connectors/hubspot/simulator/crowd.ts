import type { StoredObject } from './store.ts'

const FIRST_ID = 1_000_000_001

/** Contacts by the thousand that are made as they are listed and kept nowhere: ids behind all others. */
export class Crowd {
  readonly #size: number
  readonly #at: number

  /** @param at when they were made; epoch milliseconds */
  constructor(size: number, at: number) {
    this.#size = size
    this.#at = at
  }

  /** Those behind an id. */
  *after(id: number): Generator<StoredObject> {
    for (let i = Math.max(0, id + 1 - FIRST_ID); i < this.#size; i++) yield this.#one(i)
  }

  #one(i: number): StoredObject {
    const iso = new Date(this.#at).toISOString()
    const properties = {
      hs_object_id: String(FIRST_ID + i),
      email: `crowd.${i}@example.com`,
      createdate: iso,
      lastmodifieddate: iso,
      lifecyclestage: 'lead',
    }
    return {
      type: 'contacts',
      id: FIRST_ID + i,
      createdAt: this.#at,
      properties,
      updatedAt: this.#at,
      archivedAt: null,
      history: new Map(),
      links: new Set(),
      indexed: [],
    }
  }
}
