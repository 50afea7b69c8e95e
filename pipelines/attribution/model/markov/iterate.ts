import type { Through } from './eliminate.ts'
import type { Shares } from './shares.ts'

/** Of each state: that it converts at last, and what it brings on average. */
export interface Outcome {
  readonly converts: Float64Array
  readonly brings: Float64Array
  /** Times that all moves were gone through. */
  readonly sweeps: number
}

/** Part of the result that may be missing when an iteration ends: far below the 1e-12 that is promised. */
const OPEN = 1e-14
/** A channel through which less goes than this part of all is measured against this part. */
const LEAST = 1e-6
/** Sweeps after which it is looked how fast it goes: by then it goes at its own pace. */
const LOOK = 256

/**
 * What becomes of each state (h and w of attribution.md §2), by Gauss–Seidel from 0 up. `open` is the share of journeys
 * that are still on their way after the sweeps so far: the error of what was found is at most that, never guessed.
 * @param scale conversions and value of a journey from the start, which the error is measured against
 * @returns null: not within so many sweeps
 */
export function outcomeOf(shares: Shares, scale: Through, most: number): Outcome | null {
  const { states, rows, to, moves } = shares
  const converts = new Float64Array(states)
  const brings = new Float64Array(states)
  const open = new Float64Array(states).fill(1)
  const dearest = largest(shares)
  const enough = OPEN * LEAST * scale.conversions
  let before = 1
  for (let sweeps = 1; sweeps <= most; sweeps++) {
    let widest = 0
    // Journeys lead from states met early to ones met late: backwards, a sweep carries further.
    for (let i = states - 1; i >= 0; i--) {
      let h = shares.converts[i]!
      let w = shares.brings[i]!
      let o = 0
      for (let at = rows[i]!; at < rows[i + 1]!; at++) {
        const p = moves[at]!
        const j = to[at]!
        h += p * converts[j]!
        w += p * brings[j]!
        o += p * open[j]!
      }
      converts[i] = h
      brings[i] = w
      open[i] = o
      if (o > widest) widest = o
    }
    if (widest <= enough && widest * dearest <= OPEN * LEAST * scale.value)
      return { converts, brings, sweeps }
    if (sweeps % LOOK !== 0) continue
    // Errors shrink by the same factor again and again: what will not come to its end is not waited for.
    const needed = (LOOK * Math.log(enough / widest)) / Math.log(widest / before)
    if (sweeps + needed > 2 * most) return null
    before = widest
  }
  return null
}

/**
 * What goes through the states of a channel: journeys are sent from the start until they reach one of them for the first
 * time or end; then their outcome counts. Nothing is subtracted, so small channels are as exact as large ones.
 * @param isOf of each state, 1 where it holds the channel
 * @returns null: not within so many sweeps
 */
export function throughByIteration(
  shares: Shares,
  outcome: Outcome,
  isOf: Uint8Array,
  scale: Through,
  most: number,
): Through | null {
  const { states, rows, to, moves } = shares
  const dearest = largest(shares)
  const waiting = shares.start.slice()
  let conversions = 0
  let value = 0
  for (let sweeps = 0; sweeps <= most; sweeps++) {
    let open = 0
    for (let i = 0; i < states; i++) {
      const share = waiting[i]!
      if (share === 0) continue
      waiting[i] = 0
      if (isOf[i]) {
        conversions += share * outcome.converts[i]!
        value += share * outcome.brings[i]!
        continue
      }
      for (let at = rows[i]!; at < rows[i + 1]!; at++) waiting[to[at]!]! += share * moves[at]!
    }
    for (let i = 0; i < states; i++) open += waiting[i]!
    if (
      open <= OPEN * Math.max(conversions, LEAST * scale.conversions) &&
      open * dearest <= OPEN * Math.max(value, LEAST * scale.value)
    )
      return { conversions, value }
  }
  return null
}

/** What a journey that goes on can bring at most. */
function largest({ converts, brings }: Shares): number {
  let most = 0
  for (let i = 0; i < converts.length; i++)
    if (converts[i]! > 0) most = Math.max(most, brings[i]! / converts[i]!)
  return most
}
