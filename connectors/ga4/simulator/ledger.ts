import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { tablesAt } from './export.ts'

/** What a connector should come to of a day. */
export interface LedgerDay {
  readonly date: string
  readonly events: number
  readonly purchases: number
  /** Of all purchase events, those fired twice twice. */
  readonly revenue_micros: number
  readonly currency: string
}

/** The world's own account of what is exported at a time, from its events and not from any row that is served. */
export class Ledger {
  readonly #world: SiteWorld
  readonly #asOf: () => number

  constructor(world: SiteWorld, asOf: () => number) {
    this.#world = world
    this.#asOf = asOf
  }

  days(asOf = this.#asOf()): LedgerDay[] {
    return tablesAt(this.#world, asOf).map(({ day, writtenAt }) => {
      const events = this.#world.events(day, writtenAt)
      const purchases = events.flatMap(({ purchase }) => purchase ?? [])
      return {
        date: day,
        events: events.length,
        purchases: purchases.length,
        revenue_micros: purchases.reduce((sum, { valueMicros }) => sum + valueMicros, 0),
        currency: this.#world.currency,
      }
    })
  }
}
