import type { Shares } from './shares.ts'

/** Of journeys from the start: conversions, and value, on a way through the states of a channel. */
export interface Through {
  readonly conversions: number
  readonly value: number
}

/**
 * States that are left, and the way between them through those that were taken out. A row of `a` is: converts, brings,
 * lost, then the states; the last row is the start.
 */
interface Block {
  readonly states: readonly number[]
  readonly a: Float64Array
}

const CONVERTS = 0
const BRINGS = 1
const LOST = 2
const FIRST = 3

/**
 * What goes through each channel, by elimination without a single subtraction (Grassmann, Taksar, Heyman 1985), so that
 * rounding cannot add up: every figure is right to about 15 digits, however long journeys are. States are taken out by
 * halves of the channels, so that all removals together cost hardly more than one.
 * @param holds of each state, whether it holds a channel
 */
export function throughByElimination(
  shares: Shares,
  channels: readonly number[],
  holds: (state: number, channel: number) => boolean,
): Map<number, Through> {
  const found = new Map<number, Through>()
  const split = (block: Block, of: readonly number[]): void => {
    const [only] = of
    if (of.length === 1) {
      found.set(only!, through(block))
      return
    }
    const middle = of.length >> 1
    for (const half of [of.slice(0, middle), of.slice(middle)])
      split(
        keep(block, state => half.some(channel => holds(state, channel))),
        half,
      )
  }
  if (channels.length > 0) split(dense(shares), channels)
  return found
}

function dense(shares: Shares): Block {
  const n = shares.states
  const width = n + FIRST
  const a = new Float64Array((n + 1) * width)
  for (let i = 0; i < n; i++) {
    a[i * width + CONVERTS] = shares.converts[i]!
    a[i * width + BRINGS] = shares.brings[i]!
    a[i * width + LOST] = shares.lost[i]!
    for (let at = shares.rows[i]!; at < shares.rows[i + 1]!; at++)
      a[i * width + FIRST + shares.to[at]!] = shares.moves[at]!
    a[n * width + FIRST + i] = shares.start[i]!
  }
  return { states: Array.from({ length: n }, (_, i) => i), a }
}

/** The block without the states that are not kept. */
function keep(block: Block, isKept: (state: number) => boolean): Block {
  const n = block.states.length
  const kept: number[] = []
  const out: number[] = []
  for (const [i, state] of block.states.entries()) (isKept(state) ? kept : out).push(i)
  const order = [...kept, ...out]
  const copy = permuted(block.a, n, order)
  takeOut(copy, n, kept.length)
  const width = kept.length + FIRST
  const a = new Float64Array((kept.length + 1) * width)
  for (let i = 0; i <= kept.length; i++) {
    const row = (i === kept.length ? n : i) * (n + FIRST)
    a.set(copy.subarray(row, row + width), i * width)
  }
  return { states: kept.map(i => block.states[i]!), a }
}

function permuted(a: Float64Array, n: number, order: readonly number[]): Float64Array {
  const width = n + FIRST
  const copy = new Float64Array(a.length)
  for (let i = 0; i <= n; i++) {
    const from = (i === n ? n : order[i]!) * width
    const row = i * width
    for (let k = 0; k < FIRST; k++) copy[row + k] = a[from + k]!
    for (let k = 0; k < n; k++) copy[row + FIRST + k] = a[from + FIRST + order[k]!]!
  }
  return copy
}

/** Takes states out from the last down to the `until`th, in place: what went to one goes on to where it leads. */
function takeOut(a: Float64Array, n: number, until: number): void {
  const width = n + FIRST
  for (let j = n - 1; j >= until; j--) {
    const row = j * width
    const end = FIRST + j
    // 1 − the share that stays, as a sum of what leaves: here others subtract.
    let leaves = a[row + CONVERTS]! + a[row + LOST]!
    for (let k = FIRST; k < end; k++) leaves += a[row + k]!
    for (let i = 0; i <= n; i++) {
      if (i === j || (i > j && i < n)) continue
      const into = i * width
      const share = a[into + end]! / leaves
      if (share === 0) continue
      for (let k = 0; k < end; k++) a[into + k]! += share * a[row + k]!
    }
  }
}

/** What all journeys bring, by elimination: a check of the counts. */
export function allByElimination(shares: Shares): Through {
  return through(dense(shares))
}

/** What the start brings by way of the states of the block: what it brings past them is set aside first. */
function through({ states, a }: Block): Through {
  const n = states.length
  const start = n * (n + FIRST)
  a.fill(0, start, start + FIRST)
  takeOut(a, n, 0)
  return { conversions: a[start + CONVERTS]!, value: a[start + BRINGS]! }
}
