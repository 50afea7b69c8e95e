import type { AdFigures, AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn, startOfDay } from '../../../plugins/sync/index.ts'
import { idOf, type Node } from './account-tree.ts'

export interface Interval {
  readonly start: number
  readonly end: number
}

export const HOUR_US = 3_600_000_000

/** What the world says of ads, cut as the API wants it. Times are UTC microseconds. */
export class Figures {
  readonly #world: AdWorld
  readonly #asOf: () => number

  constructor(world: AdWorld, asOf: () => number) {
    this.#world = world
    this.#asOf = asOf
  }

  day(ads: readonly Node[], day: string): AdFigures {
    return sum(ads.map(ad => this.#world.adDay('snapchat', idOf(ad), day, this.#asOf()) ?? NOTHING))
  }

  /** An hour of a day; a day's hours come to the day exactly, be there 23, 24 or 25 of them. */
  hour(ads: readonly Node[], at: number, zone: string): AdFigures {
    const day = dayIn(zone, at)
    const start = startOfDay(day, zone)
    const hours = Math.round((startOfDay(addDays(day, 1), zone) - start) / HOUR_US)
    const index = Math.floor((at - start) / HOUR_US)
    return sum(
      ads.map(ad => {
        const whole = this.#world.adDay('snapchat', idOf(ad), day, this.#asOf()) ?? NOTHING
        return mapped(whole, (value, unit) => {
          const upTo = (n: number) => Math.floor(((value / unit) * n) / hours)
          return (upTo(index + 1) - upTo(index)) * unit
        })
      }),
    )
  }

  total(ads: readonly Node[], { start, end }: Interval, zone: string): AdFigures {
    const parts: AdFigures[] = []
    for (let at = start; at < end; ) {
      const day = dayIn(zone, at)
      const midnight = startOfDay(addDays(day, 1), zone)
      const isWhole = startOfDay(day, zone) === at && midnight <= end
      parts.push(isWhole ? this.day(ads, day) : this.hour(ads, at, zone))
      at = isWhole ? midnight : at + HOUR_US
    }
    return sum(parts)
  }
}

export const NOTHING: AdFigures = {
  impressions: 0,
  clicks: 0,
  spendMicros: 0,
  conversionsMicros: 0,
  revenueMicros: 0,
  reach: 0,
}

const NAMES = Object.keys(NOTHING) as (keyof AdFigures)[]
const UNIT: Partial<Record<keyof AdFigures, number>> = { conversionsMicros: 1_000_000 }

const mapped = (figures: AdFigures, map: (value: number, unit: number) => number): AdFigures =>
  Object.fromEntries(NAMES.map(name => [name, map(figures[name], UNIT[name] ?? 1)])) as unknown as AdFigures

const sum = (all: readonly AdFigures[]): AdFigures =>
  Object.fromEntries(
    NAMES.map(name => [name, all.reduce((total, figures) => total + figures[name], 0)]),
  ) as unknown as AdFigures
