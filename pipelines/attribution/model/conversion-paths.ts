import { checkJourney, type Dimension, daysBefore, type Journey } from './journey.ts'
import type { PathRow } from './paths.ts'

/**
 * The ways that journeys took, by what they touched of one dimension: conversion paths with their length and lag, and
 * what Markov and Shapley are fitted to. Whole numbers in plain data: journeys can be taken off again without a trace.
 */
export interface WayTally {
  readonly by: Dimension
  readonly ways: Record<string, Way>
}

/** Journeys of one way; its key is the path as a JSON array. */
export interface Way {
  /** Journeys that converted, and the conversions they brought. */
  journeys: number
  conversions: number
  valueMicros: number
  /** Of the journeys that converted: those whose value is not known. */
  unvalued: number
  nulls: number
  /** By whole days from the first touch to the conversion: journeys. */
  lagDays: Record<string, number>
}

export function emptyWays(by: Dimension): WayTally {
  return { by, ways: {} }
}

/** Counts a journey. @throws RangeError: it is none; nothing was counted */
export function addWay(tally: WayTally, journey: Journey): void {
  checkJourney(journey)
  const key = keyOf(tally, journey)
  const way = tally.ways[key] ?? {
    journeys: 0,
    conversions: 0,
    valueMicros: 0,
    unvalued: 0,
    nulls: 0,
    lagDays: {},
  }
  if (!Number.isSafeInteger(way.valueMicros + (journey.valueMicros ?? 0)))
    throw new RangeError(`the journeys of ${key} are worth more than can be counted exactly`)
  change(way, journey, 1)
  tally.ways[key] = way
}

/** Takes a journey off that was counted. @throws RangeError: none like it was counted; nothing was changed */
export function retractWay(tally: WayTally, journey: Journey): void {
  checkJourney(journey)
  const key = keyOf(tally, journey)
  const way = tally.ways[key]
  if (!way || !holds(way, journey)) throw new RangeError(`no such journey was counted for ${key}`)
  change(way, journey, -1)
  if (way.journeys === 0 && way.nulls === 0) delete tally.ways[key]
}

function keyOf({ by }: WayTally, { touches }: Journey): string {
  return JSON.stringify(touches.map(touch => touch[by]))
}

function lagOf(journey: Journey): number {
  return Math.floor(daysBefore(journey)[0]!)
}

function holds(way: Way, journey: Journey): boolean {
  const { conversions, valueMicros } = journey
  if (conversions === 0) return way.nulls > 0
  const left = way.conversions - conversions
  const worth = way.valueMicros - (valueMicros ?? 0)
  const isLast = way.journeys === 1
  return (
    (way.lagDays[lagOf(journey)] ?? 0) > 0 &&
    (valueMicros === null ? way.unvalued > 0 : way.journeys > way.unvalued) &&
    (isLast ? left === 0 && worth === 0 : left > 0 && worth >= 0)
  )
}

function change(way: Way, journey: Journey, sign: 1 | -1): void {
  const { conversions, valueMicros } = journey
  if (conversions === 0) {
    way.nulls += sign
    return
  }
  way.journeys += sign
  way.conversions += sign * conversions
  if (valueMicros === null) way.unvalued += sign
  else way.valueMicros += sign * valueMicros
  const lag = lagOf(journey)
  const journeys = (way.lagDays[lag] ?? 0) + sign
  if (journeys === 0) delete way.lagDays[lag]
  else way.lagDays[lag] = journeys
}

/** Rows for Markov and Shapley; value in micros, null where it is not known of every journey. */
export function pathRowsOf({ ways }: WayTally): PathRow[] {
  return Object.entries(ways).map(([key, { conversions, valueMicros, unvalued, nulls }]) => ({
    path: JSON.parse(key) as string[],
    conversions,
    value: unvalued > 0 ? null : valueMicros,
    nulls,
  }))
}

/** A conversion path as people look at it. */
export interface ConversionPath {
  readonly path: readonly string[]
  /** Touches. */
  readonly length: number
  /** Journeys that took it and converted, and what they brought. */
  readonly journeys: number
  readonly conversions: number
  /** Null: of none is it known. */
  readonly valueMicros: number | null
  readonly unvaluedJourneys: number
  readonly nulls: number
  /** Converted ÷ all journeys of this path. */
  readonly conversionRate: number
  /** Whole days from the first touch to the conversion: the middle journey (of two, the shorter), and 9 of 10. */
  readonly medianLagDays: number
  readonly p90LagDays: number
}

/** The paths that converted, most conversions first; of equals by their names. */
export function conversionPaths({ ways }: WayTally): ConversionPath[] {
  return Object.entries(ways)
    .filter(([, way]) => way.journeys > 0)
    .sort(([a, one], [b, other]) => other.conversions - one.conversions || (a < b ? -1 : 1))
    .map(([key, way]) => {
      const path = JSON.parse(key) as string[]
      return {
        path,
        length: path.length,
        journeys: way.journeys,
        conversions: way.conversions,
        valueMicros: way.unvalued === way.journeys ? null : way.valueMicros,
        unvaluedJourneys: way.unvalued,
        nulls: way.nulls,
        conversionRate: way.journeys / (way.journeys + way.nulls),
        medianLagDays: quantile(way.lagDays, 0.5),
        p90LagDays: quantile(way.lagDays, 0.9),
      }
    })
}

/** How many journeys that converted had so many touches, and took so many whole days; in rising order. */
export function lengthsAndLags({ ways }: WayTally): {
  readonly lengths: readonly (readonly [touches: number, journeys: number])[]
  readonly lags: readonly (readonly [days: number, journeys: number])[]
} {
  const lengths = new Map<number, number>()
  const lags = new Map<number, number>()
  for (const [key, { journeys, lagDays }] of Object.entries(ways)) {
    if (journeys === 0) continue
    const { length } = JSON.parse(key) as string[]
    lengths.set(length, (lengths.get(length) ?? 0) + journeys)
    for (const [days, count] of daysOf(lagDays)) lags.set(days, (lags.get(days) ?? 0) + count)
  }
  const rising = (counts: Map<number, number>) => [...counts].sort(([a], [b]) => a - b)
  return { lengths: rising(lengths), lags: rising(lags) }
}

function daysOf(lagDays: Way['lagDays']): [days: number, journeys: number][] {
  return Object.entries(lagDays)
    .map(([days, journeys]): [number, number] => [Number(days), journeys])
    .sort(([a], [b]) => a - b)
}

/** The smallest number of days within which this share of the journeys converted. */
function quantile(lagDays: Way['lagDays'], share: number): number {
  const all = daysOf(lagDays)
  const journeys = all.reduce((sum, [, count]) => sum + count, 0)
  let within = 0
  for (const [days, count] of all) {
    within += count
    if (within >= share * journeys) return days
  }
  throw new RangeError('no journeys, no lag')
}
