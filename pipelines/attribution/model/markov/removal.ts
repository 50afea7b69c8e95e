import type { Chain } from './chain.ts'
import { allByElimination, type Through, throughByElimination } from './eliminate.ts'
import { outcomeOf, throughByIteration } from './iterate.ts'
import { type Shares, sharesOf } from './shares.ts'

/** What journeys bring on average, and how much of it is lost where a channel is taken away. */
export interface Removal {
  /** Of a journey: that it converts, and its value. */
  readonly whole: Through
  /** By channel; those that no counted journey touches are not there. */
  readonly through: ReadonlyMap<number, Through>
}

/** Steps of arithmetic after which an answer would take minutes. */
const MOST_STEPS = 2e10
/** States whose matrix fits in memory (32 MB, a few times over). */
const MOST_DENSE = 2_000
/** Below, elimination is always as quick. */
const FEW_STATES = 200
const SAME = 1e-9

/**
 * The removal of each channel: journeys that reach one of its states end there without a conversion, everything else
 * stays as it is. Exact: by elimination, or by an iteration that knows its error and goes on until it is below 1e-14;
 * by whichever takes fewer steps.
 * @throws RangeError: neither can be done in a reasonable time; or the counts are not those of whole journeys
 */
export function removalOf(chain: Chain): Removal {
  const shares = sharesOf(chain)
  const whole = wholeOf(chain)
  const present = [...new Set(chain.states.flat())].sort((a, b) => a - b)
  const through =
    shares.states <= FEW_STATES
      ? eliminated(chain, shares, whole, present)
      : (iterated(chain, shares, whole, present) ?? eliminated(chain, shares, whole, present))
  return { whole, through }
}

function eliminated(chain: Chain, shares: Shares, whole: Through, channels: readonly number[]) {
  if (shares.states > MOST_DENSE)
    throw new RangeError(
      `${shares.states} states of ${channels.length} channels, and journeys as long as these, take too many steps to remove each channel exactly: choose a lower order, group channels, or leave out the longest journeys`,
    )
  check(allByElimination(shares), whole)
  return throughByElimination(shares, channels, (state, channel) => chain.states[state]!.includes(channel))
}

function iterated(chain: Chain, shares: Shares, whole: Through, channels: readonly number[]) {
  const steps = shares.moves.length + shares.states
  const dense = shares.states <= MOST_DENSE ? eliminationSteps(chain, channels.length) : MOST_STEPS
  // Every removal takes about as many sweeps as the outcome does.
  const most = Math.floor(Math.min(dense, MOST_STEPS) / (steps * (channels.length + 1)))
  const outcome = outcomeOf(shares, whole, most)
  if (!outcome) return null
  check(
    {
      conversions: dot(shares.start, outcome.converts),
      value: dot(shares.start, outcome.brings),
    },
    whole,
  )
  const found = new Map<number, Through>()
  const isOf = new Uint8Array(shares.states)
  const statesOf = holders(chain)
  for (const channel of channels) {
    for (const state of statesOf[channel]!) isOf[state] = 1
    const through = throughByIteration(shares, outcome, isOf, whole, 4 * most)
    for (const state of statesOf[channel]!) isOf[state] = 0
    if (!through) return null
    found.set(channel, through)
  }
  return found
}

/** For k = 1 the halves halve the states; else nearly all of them remain a while. */
function eliminationSteps({ states, order }: Chain, channels: number): number {
  return states.length ** 3 * (order === 1 ? 1 : Math.log2(channels + 1))
}

/** Of each channel the states that hold it. */
export function holders(chain: Chain): number[][] {
  const found: number[][] = chain.channels.map(() => [])
  for (const [state, tuple] of chain.states.entries())
    for (const channel of new Set(tuple)) found[channel]!.push(state)
  return found
}

/** It follows from the counts alone, without solving anything: h of the start is conversions ÷ journeys. */
function wholeOf(chain: Chain): Through {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0)
  const conversions = sum(chain.conversions)
  const journeys = conversions + sum(chain.nulls)
  return { conversions: conversions / journeys, value: sum(chain.values) / journeys }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0)
}

/** What was solved must give what was counted: a wrong result is never handed on. */
function check(found: Through, whole: Through): void {
  for (const of of ['conversions', 'value'] as const)
    if (!(Math.abs(found[of] - whole[of]) <= SAME * whole[of]))
      throw new RangeError(
        `the chain gives ${found[of]} ${of} a journey, its counts ${whole[of]}: they are not those of whole journeys`,
      )
}
