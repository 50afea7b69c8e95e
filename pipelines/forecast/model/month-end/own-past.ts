/** Horizons, in days, whose intervals are kept until their days have closed. */
export const KNOTS = [1, 3, 7, 14, 21, 28] as const

const RATE = 0.01
const WIDEST = Math.log(1.5)
const NARROWEST = Math.log(0.8)
/** Settled intervals before which a coverage says nothing. */
const LEAST_SETTLED = 60

/** An interval that waits for its days. */
export interface Pending {
  /** The last day of the sum, in days since 1970. */
  readonly until: number
  readonly lower: number
  readonly upper: number
}

/** What became of a series' own intervals. Plain data: a state that is kept. */
export interface OwnPast {
  /** ln g of each knot. */
  readonly logs: readonly number[]
  readonly pending: readonly (readonly Pending[])[]
  readonly settled: readonly number[]
  readonly inside: readonly number[]
}

const perKnot = <T>(of: (k: number) => T): T[] => KNOTS.map((_, k) => of(k))

export const noPast = (): OwnPast => ({
  logs: perKnot(() => 0),
  pending: perKnot(() => []),
  settled: perKnot(() => 0),
  inside: perKnot(() => 0),
})

/** g for a horizon: linear in its logarithm between knots, from ln .8 to ln 1.5. */
export function widthFor({ logs }: OwnPast, h: number): number {
  const clamped = logs.map(x => Math.max(NARROWEST, Math.min(WIDEST, x)))
  const above = KNOTS.findIndex(knot => knot >= h)
  if (above === -1) return Math.exp(clamped.at(-1)!)
  if (above === 0) return Math.exp(clamped[0]!)
  const [from, to] = [KNOTS[above - 1]!, KNOTS[above]!]
  const share = (h - from) / (to - from)
  return Math.exp(clamped[above - 1]! * (1 - share) + clamped[above]! * share)
}

/**
 * Keeps the intervals as they were shown after a day had closed.
 * @param day the last closed day, in days since 1970
 * @param interval of the sum of the next h days; null: none was shown
 */
export function remember(
  past: OwnPast,
  day: number,
  interval: (h: number) => Omit<Pending, 'until'> | null,
): OwnPast {
  const pending = past.pending.map((waiting, k) => {
    const shown = interval(KNOTS[k]!)
    if (shown === null || waiting.some(p => p.until === day + KNOTS[k]!)) return waiting
    return [...waiting, { until: day + KNOTS[k]!, lower: shown.lower, upper: shown.upper }]
  })
  return { ...past, pending }
}

/**
 * A day has closed: intervals that end with it are settled, `ln g += rate (miss − .05)`; what was settled stays so, whatever
 * is restated later.
 * @param sumOf of the last h days; null: one of them is missing, and the interval is dropped
 * @param options level of the intervals: .95; rate: .01 (statistics.md §2)
 */
export function settle(
  past: OwnPast,
  day: number,
  sumOf: (h: number) => number | null,
  { level = 0.95, rate = RATE }: { readonly level?: number; readonly rate?: number } = {},
): OwnPast {
  const logs = [...past.logs]
  const settled = [...past.settled]
  const inside = [...past.inside]
  const pending = past.pending.map((waiting, k) => {
    for (const { until, lower, upper } of waiting) {
      const sum = until === day ? sumOf(KNOTS[k]!) : null
      if (sum === null) continue
      const miss = sum < lower || sum > upper ? 1 : 0
      logs[k]! += rate * (miss - (1 - level))
      settled[k]!++
      inside[k]! += 1 - miss
    }
    return waiting.filter(({ until }) => until > day)
  })
  return { logs, pending, settled, inside }
}

export interface MeasuredCoverage {
  readonly h: number
  /** Share of the sums that were inside; null: not yet measured, fewer than 60 are settled. */
  readonly inside: number | null
  readonly n: number
}

/** What is shown beside every forecast. */
export const measuredCoverage = ({ settled, inside }: OwnPast): MeasuredCoverage[] =>
  KNOTS.map((h, k) => ({
    h,
    inside: settled[k]! < LEAST_SETTLED ? null : inside[k]! / settled[k]!,
    n: settled[k]!,
  }))
