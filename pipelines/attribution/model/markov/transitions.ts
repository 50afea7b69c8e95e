import type { Chain } from './chain.ts'
import { sharesOf } from './shares.ts'

/** One arrow of the chain. */
export interface Transition {
  /** Channels of the state it leaves; null: the start. */
  readonly from: readonly string[] | null
  /** Channels of the state it leads to, or how the journey ends. */
  readonly to: readonly string[] | 'conversion' | 'null'
  /** More than 0, 1 at most. Those that leave a state add up to 1. */
  readonly probability: number
}

/** The chain as people draw it. States that follow themselves are one: there is no arrow from a state to itself. */
export function* transitionsOf(chain: Chain): Generator<Transition> {
  if (chain.states.length === 0) return
  const shares = sharesOf(chain)
  const states = chain.states.map(tuple => tuple.map(channel => chain.channels[channel]!))
  for (const [i, to] of states.entries())
    if (shares.start[i]! > 0) yield { from: null, to, probability: shares.start[i]! }
  for (const [i, from] of states.entries()) {
    for (let at = chain.rows[i]!; at < chain.rows[i + 1]!; at++)
      yield { from, to: states[chain.to[at]!]!, probability: shares.moves[at]! }
    if (shares.converts[i]! > 0) yield { from, to: 'conversion', probability: shares.converts[i]! }
    if (shares.lost[i]! > 0) yield { from, to: 'null', probability: shares.lost[i]! }
  }
}
