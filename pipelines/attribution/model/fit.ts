import { additiveCredits } from './additive.ts'
import { apportion } from './apportion.ts'
import type { Way, WayTally } from './conversion-paths.ts'
import { markovOf } from './markov/fit.ts'
import { type PathRow, type Paths, pathsOf } from './paths.ts'
import { conversionRateShapley } from './shapley/conversion-rate.ts'
import { UNITS } from './split.ts'

/** Keys of a dimension that models tell apart: a chain of more takes too long. The others are one. */
export const MOST_KEYS = 100
export const OTHER = '(other)'

/** One path of a day, and what the journeys that took it brought. */
export interface TakenPath {
  readonly path: readonly string[]
  /** Null: not known. */
  readonly currency: string | null
  readonly way: Readonly<Way>
}

export const takenPaths = (tally: WayTally, currency: string): TakenPath[] =>
  Object.entries(tally.ways).map(([key, way]) => ({
    path: JSON.parse(key) as string[],
    currency: currency === '' ? null : currency,
    way,
  }))

/** Paths with all but the most touched keys put together; of equals those that come first by name. */
export function grouped(taken: readonly TakenPath[], most = MOST_KEYS): TakenPath[] {
  const touched = new Map<string, number>()
  for (const { path, way } of taken)
    for (const key of path) touched.set(key, (touched.get(key) ?? 0) + way.journeys + way.nulls)
  if (touched.size <= most) return [...taken]
  const ranked = [...touched].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const kept = new Set(ranked.slice(0, most).map(([key]) => key))
  return taken.map(one => ({ ...one, path: one.path.map(key => (kept.has(key) ? key : OTHER)) }))
}

/** The one currency of what they brought; null: there are several, or none is known. */
export function currencyOf(taken: readonly TakenPath[]): string | null {
  const found = new Set(
    taken.filter(({ way }) => way.journeys > way.unvalued).map(({ currency }) => currency),
  )
  return found.size === 1 ? [...found][0]! : null
}

/** As models read them. Value is null where it is not known of every path, or is of several currencies. */
export function pathsTaken(taken: readonly TakenPath[]): Paths {
  const isOne = new Set(taken.filter(({ way }) => way.journeys > 0).map(({ currency }) => currency)).size <= 1
  return pathsOf(
    taken.map(
      ({ path, way: { conversions, valueMicros, unvalued, nulls } }): PathRow => ({
        path,
        conversions,
        value: isOne && unvalued === 0 ? valueMicros : null,
        nulls,
      }),
    ),
  )
}

/** What a model of the window says: credits of keys in conversions, and its effects where it has any. */
export interface WindowFit {
  readonly model: 'markov' | 'shapley' | 'shapley_conversion_rate'
  readonly order: number | null
  readonly states: number | null
  readonly credits: Readonly<Record<string, number>>
  readonly effects: Readonly<Record<string, number>>
  readonly effectsValue: Readonly<Record<string, number>>
  /** Why there is none. */
  readonly reason: string | null
}

/** @throws never: a chain that is too large to be solved is a fit without credits that says so */
export function markovFit(paths: Paths, order: number): WindowFit {
  const nothing = {
    model: 'markov',
    order,
    states: null,
    credits: {},
    effects: {},
    effectsValue: {},
  } as const
  if (paths.totals.conversions === 0) return { ...nothing, reason: 'no path of the window converts' }
  try {
    const { states, channels } = markovOf(paths, { order })
    const by = (of: (c: (typeof channels)[number]) => number | null) =>
      Object.fromEntries(
        channels.flatMap(channel => {
          const value = of(channel)
          return value === null ? [] : [[channel.channel, value]]
        }),
      )
    return {
      ...nothing,
      states,
      credits: by(c => c.conversions),
      effects: by(c => c.removalEffect),
      effectsValue: by(c => c.removalEffectValue),
      reason: null,
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { ...nothing, reason: error.message }
  }
}

/** Shapley's values of the window; those of conversion rates are not additive, and can be below 0. */
export function shapleyFits(paths: Paths): WindowFit[] {
  if (paths.totals.conversions === 0) return []
  const nothing = { order: null, states: null, effects: {}, effectsValue: {}, reason: null }
  const credits = (found: readonly { channel: string; conversions: number }[]) =>
    Object.fromEntries(found.map(({ channel, conversions }) => [channel, conversions]))
  return [
    { ...nothing, model: 'shapley', credits: credits(additiveCredits(paths, 'shapley')) },
    { ...nothing, model: 'shapley_conversion_rate', credits: credits(conversionRateShapley(paths)) },
  ]
}

/** What a key is credited with on one day by a model of the window. */
export interface DayCredit {
  readonly key: string
  readonly units: number
  readonly micros: number | null
  readonly paths: number
  readonly unvalued: number
  readonly first: number
  readonly last: number
  readonly assisted: number
}

/**
 * A day's conversions and value, shared out in whole units by the removal effects of the window: all days of a window add up
 * to what the model credits, and each day to what it had. The value of several currencies is null.
 */
export function dayCredits(taken: readonly TakenPath[], fit: WindowFit): DayCredit[] {
  const conversions = taken.reduce((sum, { way }) => sum + way.conversions, 0)
  const keys = Object.keys(fit.effects).sort()
  const touches = touchesOf(taken)
  const currency = currencyOf(taken)
  const valued = taken.filter(one => currency !== null && one.currency === currency)
  const value = valued.reduce((sum, { way }) => sum + way.valueMicros, 0)
  const share = (total: number, effects: WindowFit['effects']) => {
    const weights = keys.map(key => effects[key] ?? 0)
    return total > 0 && weights.some(weight => weight > 0) ? apportion(total, weights) : weights.map(() => 0)
  }
  const units = share(conversions * UNITS, fit.effects)
  const byValue = Object.keys(fit.effectsValue).length > 0 ? fit.effectsValue : fit.effects
  const micros = currency === null && conversions > 0 ? null : share(value, byValue)
  return keys.map((key, i) => ({
    key,
    units: units[i]!,
    micros: micros && micros[i]!,
    ...(touches.get(key) ?? { paths: 0, unvalued: 0, first: 0, last: 0, assisted: 0 }),
  }))
}

function touchesOf(taken: readonly TakenPath[]) {
  const found = new Map<
    string,
    { paths: number; unvalued: number; first: number; last: number; assisted: number }
  >()
  const of = (key: string) => {
    let known = found.get(key)
    if (!known) {
      known = { paths: 0, unvalued: 0, first: 0, last: 0, assisted: 0 }
      found.set(key, known)
    }
    return known
  }
  for (const { path, way } of taken) {
    if (way.journeys === 0) continue
    of(path[0]!).first += way.journeys
    of(path.at(-1)!).last += way.journeys
    for (const key of new Set(path.slice(0, -1))) of(key).assisted += way.journeys
    for (const key of new Set(path)) {
      of(key).paths += way.journeys
      of(key).unvalued += way.unvalued
    }
  }
  return found
}
