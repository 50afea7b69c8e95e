import type { Credit } from '../additive.ts'
import type { Paths } from '../paths.ts'

/** Journeys that touched exactly these channels. */
interface Coalition {
  readonly members: readonly number[]
  conversions: number
  value: number
  nulls: number
}

/** Comparisons of two sets of channels after which an answer would take minutes. */
const MOST_STEPS = 2e9

/**
 * Shapley of conversion rates (as DP6 has it), which looks at journeys that did not convert: v(S) = conversions ÷
 * journeys of those that touched exactly the channels S, 0 where there are none. For each set T that converted, the
 * Shapley value of v on T is scaled to what T brought. Only sets that were seen count, so no 2^n is gone through.
 *
 * A credit can be below 0: a channel whose company converts better without it. It is shown as it is.
 * @throws RangeError: nulls are not known; too many different sets
 */
export function conversionRateShapley(paths: Paths): Credit[] {
  if (paths.totals.nulls === null)
    throw new RangeError('conversion rates need the journeys that did not convert (total_null)')
  const coalitions = coalitionsOf(paths)
  const byLeast = new Map<number, Coalition[]>()
  for (const coalition of coalitions) {
    const list = byLeast.get(coalition.members[0]!)
    if (list) list.push(coalition)
    else byLeast.set(coalition.members[0]!, [coalition])
  }
  const conversions = new Float64Array(paths.channels.length)
  const values = new Float64Array(paths.channels.length)
  let steps = 0
  for (const whole of coalitions) {
    if (whole.conversions === 0) continue
    const within = whole.members.flatMap(least => {
      const seen = byLeast.get(least) ?? []
      steps += seen.length
      return seen.filter(part => isWithin(part.members, whole.members))
    })
    steps += within.length * whole.members.length
    if (steps > MOST_STEPS)
      throw new RangeError(
        `${coalitions.length} different sets of channels are too many to compare: group channels`,
      )
    const worth = worths(whole.members, within)
    const rate = rateOf(whole)
    for (const [i, channel] of whole.members.entries()) {
      conversions[channel]! += (whole.conversions * worth[i]!) / rate
      values[channel]! += (whole.value * worth[i]!) / rate
    }
  }
  const isValued = paths.totals.value !== null
  return paths.channels.map((channel, i) => ({
    channel,
    conversions: conversions[i]!,
    value: isValued ? values[i]! : null,
  }))
}

/** Those with journeys, members in rising order. */
function coalitionsOf(paths: Paths): Coalition[] {
  const found = new Map<string, Coalition>()
  for (const { path, conversions, value, nulls } of paths.rows) {
    if (conversions + nulls === 0) continue
    const members = [...new Set(path)].sort((a, b) => a - b)
    const key = members.join()
    const known = found.get(key) ?? { members, conversions: 0, value: 0, nulls: 0 }
    known.conversions += conversions
    known.value += value
    known.nulls += nulls
    found.set(key, known)
  }
  return [...found.values()]
}

function rateOf({ conversions, nulls }: Coalition): number {
  return conversions / (conversions + nulls)
}

/**
 * φ of each member of a set of n: over the sets S of s within it that were seen, v(S) times (s − 1)! (n − s)! ÷ n! for
 * members of S and −s! (n − s − 1)! ÷ n! for the others.
 */
function worths(members: readonly number[], within: readonly Coalition[]): number[] {
  const n = members.length
  const ways = binomials(n)
  const worth = members.map(() => 0)
  for (const part of within) {
    const s = part.members.length
    const rate = rateOf(part)
    const inside = rate / (s * ways[s]!)
    const outside = s < n ? rate / ((n - s) * ways[s]!) : 0
    let at = 0
    for (const [i, member] of members.entries()) {
      const isInside = part.members[at] === member
      if (isInside) at++
      worth[i]! += isInside ? inside : -outside
    }
  }
  return worth
}

/** n over 0 to n; Infinity where it is too large, so that what is divided by it is 0. */
function binomials(n: number): number[] {
  const ways = [1]
  for (let s = 1; s <= n; s++) ways.push(s <= n - s ? (ways[s - 1]! * (n - s + 1)) / s : 0)
  for (let s = Math.floor(n / 2) + 1; s <= n; s++) ways[s] = ways[n - s]!
  return ways
}

/** Both in rising order. */
function isWithin(part: readonly number[], whole: readonly number[]): boolean {
  if (part.length > whole.length) return false
  let at = 0
  for (const member of part) {
    while (at < whole.length && whole[at]! < member) at++
    if (whole[at] !== member) return false
    at++
  }
  return true
}
