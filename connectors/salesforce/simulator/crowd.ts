import type { Parsed } from './soql.ts'
import { type Fields, stamp } from './store.ts'

/** Leads by the thousand that are made as they are read and kept nowhere: behind all others, in first reads only. */
export class Crowd {
  readonly #size: number
  readonly #at: string

  /** @param ms when they were made; epoch milliseconds */
  constructor(size: number, ms: number) {
    this.#size = size
    this.#at = stamp(ms)
  }

  /** How many a query finds. */
  count({ object, where }: Parsed): number {
    return object === 'Lead' && !where.some(condition => condition.operator === '>=') ? this.#size : 0
  }

  rows(begin: number, end: number): Fields[] {
    return Array.from({ length: Math.max(0, end - begin) }, (_, i) => ({
      Id: `00Q9f${(begin + i).toString(36).toUpperCase().padStart(10, '0')}AAA`,
      Email: `crowd.${begin + i}@example.com`,
      Status: 'Open - Not Contacted',
      LeadSource: 'Web',
      CreatedDate: this.#at,
      SystemModstamp: this.#at,
      IsDeleted: false,
    }))
  }
}
