import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
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

/** What a day's report should come to, as of a time. */
export interface ReportedDay {
  readonly date: string
  readonly sessions: number
  /** Of transactions, each once. */
  readonly purchases: number
  readonly revenue_micros: number
}

/** The world's own account of what is exported at a time, from its events and not from any row that is served. */
export class Ledger {
  readonly #world: SiteWorld
  readonly #asOf: () => number

  constructor(world: SiteWorld, asOf: () => number) {
    this.#world = world
    this.#asOf = asOf
  }

  /** Days of reports from one on to today's: from the hits themselves, each transaction once. */
  reported(from: string, asOf = this.#asOf()): ReportedDay[] {
    const days: ReportedDay[] = []
    for (let date = from; date <= dayIn(this.#world.zone, asOf); date = addDays(date, 1)) {
      const events = this.#world.events(date, asOf)
      const bought = new Map(
        events.flatMap(({ purchase: p }) => (p ? [[p.transactionId, p.valueMicros]] : [])),
      )
      days.push({
        date,
        sessions: new Set(events.map(e => `${e.clientId}.${e.sessionId}`)).size,
        purchases: bought.size,
        revenue_micros: [...bought.values()].reduce((sum, micros) => sum + micros, 0),
      })
    }
    return days
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
