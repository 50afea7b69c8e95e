import type { Chain } from './chain.ts'

/** A chain as probabilities: where a journey goes from each state. */
export interface Shares {
  readonly states: number
  readonly start: Float64Array
  /** r: that it converts next. */
  readonly converts: Float64Array
  /** g: what it brings on average if it ends next. */
  readonly brings: Float64Array
  /** That it ends without a conversion next. */
  readonly lost: Float64Array
  /** Moves, laid out as in `Chain`. */
  readonly rows: Int32Array
  readonly to: Int32Array
  readonly moves: Float64Array
}

export function sharesOf(chain: Chain): Shares {
  const states = chain.states.length
  let started = 0
  for (const count of chain.starts) started += count
  const [converts, brings, lost] = [0, 1, 2].map(() => new Float64Array(states)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const moves = new Float64Array(chain.moves.length)
  for (let i = 0; i < states; i++) {
    const [from, until] = [chain.rows[i]!, chain.rows[i + 1]!]
    let out = chain.conversions[i]! + chain.nulls[i]!
    for (let at = from; at < until; at++) out += chain.moves[at]!
    if (!(out > 0))
      throw new RangeError(`no journey leaves state ${i}: these are no counts of whole journeys`)
    for (let at = from; at < until; at++) moves[at] = chain.moves[at]! / out
    converts[i] = chain.conversions[i]! / out
    brings[i] = chain.values[i]! / out
    lost[i] = chain.nulls[i]! / out
  }
  const start = chain.starts.map(count => count / started)
  return { states, start, converts, brings, lost, rows: chain.rows, to: chain.to, moves }
}
