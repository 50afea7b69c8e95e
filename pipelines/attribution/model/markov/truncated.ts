import type { Chain } from './chain.ts'
import type { Through } from './eliminate.ts'
import { holders, type Removal } from './removal.ts'
import { type Shares, sharesOf } from './shares.ts'

/**
 * Removals when journeys that have been in `most` states without ending count as lost: to imitate ChannelAttribution,
 * which walks no further than the longest path (`max_step`). It is no better for it: leave it off.
 */
export function removalWithin(chain: Chain, most: number): Removal {
  if (!Number.isInteger(most) || most < 1)
    throw new RangeError(`steps are a whole number from 1 up, not ${most}`)
  const shares = sharesOf(chain)
  const isOf = new Uint8Array(shares.states)
  const whole = without(shares, isOf, most)
  const through = new Map<number, Through>()
  for (const [channel, states] of holders(chain).entries()) {
    for (const state of states) isOf[state] = 1
    const rest = without(shares, isOf, most)
    for (const state of states) isOf[state] = 0
    through.set(channel, {
      conversions: whole.conversions - rest.conversions,
      value: whole.value - rest.value,
    })
  }
  return { whole, through }
}

/** What journeys bring within so many states, none of which is taken away. */
function without(shares: Shares, isOf: Uint8Array, most: number): Through {
  let at = shares.start
  let conversions = 0
  let value = 0
  for (let step = 0; step < most; step++) {
    const next = new Float64Array(shares.states)
    let isAnyLeft = false
    for (let i = 0; i < shares.states; i++) {
      const share = at[i]!
      if (share === 0 || isOf[i]) continue
      isAnyLeft = true
      conversions += share * shares.converts[i]!
      value += share * shares.brings[i]!
      for (let move = shares.rows[i]!; move < shares.rows[i + 1]!; move++)
        next[shares.to[move]!]! += share * shares.moves[move]!
    }
    if (!isAnyLeft) break
    at = next
  }
  return { conversions, value }
}
