import type { Paths } from '../paths.ts'
import { MOST_STATES, type Moves, moveCounter } from './moves.ts'

/** Journeys as a walk over states, counted. Counts, not shares: nothing is rounded yet. No move stays where it is. */
export interface Chain extends Moves {
  readonly channels: readonly string[]
  readonly order: number
  /** Of each state its channels, in the order touched: `order` of them, fewer where a whole path is shorter. */
  readonly states: readonly (readonly number[])[]
  /** By state: journeys that begin there, convert from there, end there without; what the conversions were worth. */
  readonly starts: Float64Array
  readonly conversions: Float64Array
  readonly nulls: Float64Array
  readonly values: Float64Array
}

export const MAX_ORDER = 10

/**
 * The chain of order k of attribution.md §2: states are k channels in a row, the path as a whole where it is shorter;
 * only equal states that follow each other are one (never equal channels, which for k ≥ 2 would change the states).
 * @param withNulls false: journeys that did not convert are left out
 * @throws RangeError: an order that is none, or more states than can be told apart
 */
export function chainOf(paths: Paths, order: number, withNulls: boolean): Chain {
  if (!Number.isInteger(order) || order < 1 || order > MAX_ORDER)
    throw new RangeError(`an order is a whole number from 1 to ${MAX_ORDER}, not ${order}`)
  const walk = walker(paths, order)
  const starts: number[] = []
  const conversions: number[] = []
  const nulls: number[] = []
  const values: number[] = []
  const moves = moveCounter((paths.channels.length + 1) ** order)
  for (const row of paths.rows) {
    const lost = withNulls ? row.nulls : 0
    const journeys = row.conversions + lost
    if (journeys === 0) continue
    const way = walk.states(row.path)
    for (let n = starts.length; n < walk.tuples.length; n++)
      for (const counts of [starts, conversions, nulls, values]) counts.push(0)
    starts[way[0]!]! += journeys
    moves.along(way, journeys)
    const end = way[way.length - 1]!
    conversions[end]! += row.conversions
    nulls[end]! += lost
    values[end]! += row.value
  }
  return {
    channels: paths.channels,
    order,
    states: walk.tuples,
    starts: Float64Array.from(starts),
    conversions: Float64Array.from(conversions),
    nulls: Float64Array.from(nulls),
    values: Float64Array.from(values),
    ...moves.counted(walk.tuples.length),
  }
}

interface Walker {
  readonly tuples: number[][]
  /** The states that a path goes through. */
  states(path: readonly number[]): number[]
}

/** Numbers for states, in the order in which they are met. */
function walker(paths: Paths, order: number): Walker {
  return order === 1 ? byChannel(paths.channels.length) : byTuple(paths.channels.length + 1, order)
}

/** A channel is a state: nothing to look up, which is most of the work for k = 1. */
function byChannel(channels: number): Walker {
  const tuples: number[][] = []
  const known = new Int32Array(channels).fill(-1)
  return {
    tuples,
    states(path) {
      const way: number[] = []
      let last = -1
      for (let i = 0; i < path.length; i++) {
        const channel = path[i]!
        if (channel === last) continue
        last = channel
        if (known[channel]! < 0) known[channel] = tuples.push([channel]) - 1
        way.push(known[channel]!)
      }
      return way
    },
  }
}

function byTuple(base: number, order: number): Walker {
  const tuples: number[][] = []
  const known = new Map<number | string, number>()
  // A number where one is exact: texts take three times as long.
  const isSmall = base ** order <= Number.MAX_SAFE_INTEGER
  const numberOf = (path: readonly number[], from: number, until: number): number => {
    let key: number | string = 0
    if (isSmall) for (let i = from; i < until; i++) key = (key as number) * base + path[i]! + 1
    else key = path.slice(from, until).join()
    const number = known.get(key)
    if (number !== undefined) return number
    if (tuples.length === MOST_STATES) throw new RangeError('more than 2^26 states: choose a lower order')
    known.set(key, tuples.length)
    return tuples.push(path.slice(from, until)) - 1
  }
  return {
    tuples,
    states(path) {
      if (path.length <= order) return [numberOf(path, 0, path.length)]
      const way: number[] = []
      for (let i = order; i <= path.length; i++) {
        const state = numberOf(path, i - order, i)
        if (state !== way[way.length - 1]) way.push(state)
      }
      return way
    },
  }
}
