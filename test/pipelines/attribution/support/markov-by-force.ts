import type { PathRow } from '../../../../pipelines/attribution/model/paths.ts'
import { decimal, type Fraction, fraction, minus, per, plus, times, ZERO } from './fraction.ts'

const START = 'start'
const CONVERSION = 'conversion'
const NULL = 'null'

/**
 * Removal effects as they are defined, without any shortcut: a chain with the states taken out, solved anew for every
 * channel by Gauss–Jordan in exact fractions.
 */
export function removalsByForce(rows: readonly PathRow[], order: number, withNulls = true) {
  const moves = new Map<string, Map<string, bigint>>()
  const ends = new Map<string, { value: Fraction; conversions: bigint }>()
  const tuples = new Map<string, readonly string[]>()
  for (const { path, conversions, value, nulls } of rows) {
    const lost = withNulls ? nulls! : 0
    if (conversions + lost === 0) continue
    const states = statesOf(path, order)
    for (const tuple of states) tuples.set(tuple.join(), tuple)
    const names = states.map(tuple => tuple.join()).filter((name, i, all) => name !== all[i - 1])
    const way = [START, ...names]
    for (let i = 1; i < way.length; i++) count(moves, way[i - 1]!, way[i]!, conversions + lost)
    const last = way.at(-1)!
    count(moves, last, CONVERSION, conversions)
    count(moves, last, NULL, lost)
    const end = ends.get(last) ?? { value: ZERO, conversions: 0n }
    ends.set(last, {
      value: plus(end.value, fraction(BigInt(Math.round(value! * 8)), 8n)),
      conversions: end.conversions + BigInt(conversions),
    })
  }
  const average = (state: string): Fraction => {
    const { value, conversions } = ends.get(state) ?? { value: ZERO, conversions: 0n }
    return conversions > 0n ? per(value, fraction(conversions)) : ZERO
  }
  const reward = { conversions: () => fraction(1n), value: average }
  const all = solve(moves, () => false, reward)
  return (channel: string) => {
    const without = solve(moves, state => tuples.get(state)?.includes(channel) ?? false, reward)
    const effect = (of: 'conversions' | 'value') =>
      all[of].over === 0n ? null : decimal(per(minus(all[of], without[of]), all[of]))
    return { conversions: effect('conversions'), value: effect('value') }
  }
}

function statesOf(path: readonly string[], order: number): string[][] {
  if (path.length <= order) return [[...path]]
  return Array.from({ length: path.length - order + 1 }, (_, i) => path.slice(i, i + order))
}

function count(moves: Map<string, Map<string, bigint>>, from: string, to: string, times: number): void {
  if (times === 0) return
  const out = moves.get(from) ?? new Map<string, bigint>()
  out.set(to, (out.get(to) ?? 0n) + BigInt(times))
  moves.set(from, out)
}

/** What a journey from the start brings where some states lead nowhere. */
function solve(
  moves: ReadonlyMap<string, ReadonlyMap<string, bigint>>,
  isOut: (state: string) => boolean,
  reward: Readonly<Record<'conversions' | 'value', (state: string) => Fraction>>,
): Record<'conversions' | 'value', Fraction> {
  const states = [...moves.keys()].filter(state => !isOut(state))
  const rows = states.map(from => {
    const out = moves.get(from)!
    const total = fraction([...out.values()].reduce((sum, n) => sum + n, 0n))
    const share = (to: string) => per(fraction(out.get(to) ?? 0n), total)
    const left = states.map(to => minus(fraction(from === to ? 1n : 0n), share(to)))
    const converts = share(CONVERSION)
    return [...left, times(converts, reward.conversions(from)), times(converts, reward.value(from))]
  })
  for (let i = 0; i < states.length; i++) {
    const pivot = rows.findIndex((row, at) => at >= i && row[i]!.over !== 0n)
    ;[rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!]
    rows[i] = rows[i]!.map(x => per(x, rows[i]![i]!))
    for (let j = 0; j < rows.length; j++) {
      const factor = rows[j]![i]!
      if (j !== i && factor.over !== 0n)
        rows[j] = rows[j]!.map((x, k) => minus(x, times(factor, rows[i]![k]!)))
    }
  }
  const [conversions, value] = rows[states.indexOf(START)]!.slice(-2)
  return { conversions: conversions!, value: value! }
}
