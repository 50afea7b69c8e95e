import { chance } from '../../random.ts'
import { boundsOf, busyness } from './calendar.ts'
import { keptDays } from './kept.ts'
import type { TruthOptions } from './options.ts'
import { daysBefore, LONGEST_VISIT_US, type Order, type Person, personOf } from './person.ts'

/** Days whose people are kept: those that one day needs, and as many again. */
const KEPT_DAYS = 50

interface Came {
  readonly all: readonly Person[]
  /** Those who still do something on a later day. */
  readonly lasting: readonly Person[]
}

/** Everybody, by the day on which they first came. */
export class People {
  readonly options: TruthOptions
  readonly #came: (day: string) => Came

  constructor(options: TruthOptions) {
    this.options = options
    this.#came = keptDays(KEPT_DAYS, day => {
      const mean = options.peopleADay * busyness(day)
      const spread = Math.sqrt(mean) * chance(options.seed, 'people', day).normal()
      const count = Math.max(0, Math.round(mean + spread))
      const all = Array.from({ length: count }, (_, n) => personOf(options, day, n))
      const { until } = boundsOf(day, options.zone)
      return { all, lasting: all.filter(person => lastMoment(person) >= until) }
    })
  }

  /** Who came for the first time on a day. */
  of(day: string): readonly Person[] {
    return this.#came(day).all
  }

  /** Who may do something on a day. */
  around(day: string): Person[] {
    const { from } = boundsOf(day, this.options.zone)
    const earlier = daysBefore(day).flatMap(other =>
      this.#came(other).lasting.filter(person => lastMoment(person) >= from),
    )
    return [...earlier, ...this.of(day)]
  }

  /** What was truly ordered on a day. */
  ordersOn(day: string): { readonly person: Person; readonly order: Order }[] {
    const { from, until } = boundsOf(day, this.options.zone)
    return this.around(day)
      .flatMap(person => person.orders.map(order => ({ person, order })))
      .filter(({ order }) => order.at >= from && order.at < until)
      .sort((a, b) => a.order.at - b.order.at)
  }
}

/** After which somebody does nothing any more. UTC microseconds. */
const lastMoment = ({ visits }: Person): number => visits.at(-1)!.at + LONGEST_VISIT_US
