import { type Problem, toPointer } from '../../../engine/config/index.ts'
import type { TrustSettings } from './schema.ts'

/** What a schema cannot say: weights that sum to 1, thresholds in their order, curves that only fall. */
export function orderProblems(settings: TrustSettings): Problem[] {
  const { match_quality, freshness, variance, anomaly, composite, caps } = settings
  return [
    ...sumsToOne(['match_quality', 'weights'], match_quality.weights),
    ...sumsToOne(['composite', 'weights'], composite.weights),
    ...notAllZero(['match_quality', 'key_weights'], match_quality.key_weights),
    ...curve(['match_quality', 'latency'], match_quality.latency),
    ...curve(['match_quality', 'attribution'], match_quality.attribution),
    ...curve(['match_quality', 'data_freshness'], match_quality.data_freshness),
    ...curve(['variance', 'level'], variance.level),
    ...curve(['variance', 'drift'], variance.drift),
    ...curve(['anomaly', 'score'], anomaly.score),
    ...Object.entries(freshness.sources).flatMap(([name, limits]) =>
      limits
        ? below(
            ['freshness', 'sources', name, 'fresh_hours'],
            limits.fresh_hours,
            'stale_hours',
            limits.stale_hours,
          )
        : [],
    ),
    ...below(
      ['freshness', 'skew_minutes'],
      freshness.skew_minutes,
      'invalid_hours',
      freshness.invalid_hours * 60,
    ),
    ...atMost(
      ['variance', 'minimum_baseline_days'],
      variance.minimum_baseline_days,
      'baseline_days',
      variance.baseline_days,
    ),
    ...below(['composite', 'hold'], composite.hold, 'pass', composite.pass),
    ...atMost(['caps', 'emq_block'], caps.emq_block, 'component_hold', caps.component_hold),
    ...canOpen(settings),
    ...metrics(anomaly.metrics),
  ]
}

const problem = (path: readonly string[], text: string): Problem => ({
  path,
  text: `${toPointer(path)} ${text}`,
})

/** So that `0.333` three times is 1. */
const THIRDS = 0.0011

function sumsToOne(path: readonly string[], weights: Readonly<Record<string, number>>): Problem[] {
  const sum = Object.values(weights).reduce((a, b) => a + b, 0)
  return Math.abs(sum - 1) < THIRDS ? [] : [problem(path, `must sum to 1, got ${Number(sum.toFixed(6))}`)]
}

const notAllZero = (path: readonly string[], weights: Readonly<Record<string, number>>): Problem[] =>
  Object.values(weights).some(weight => weight > 0)
    ? []
    : [problem(path, 'must name a key with a weight above 0')]

const below = (path: readonly string[], value: number, name: string, bound: number): Problem[] =>
  value < bound ? [] : [problem(path, `must be less than ${name} (${bound}), got ${value}`)]

const atMost = (path: readonly string[], value: number, name: string, bound: number): Problem[] =>
  value <= bound ? [] : [problem(path, `must be at most ${name} (${bound}), got ${value}`)]

/** A gate that no score could open is a mistake, not a policy: the kill switch is for that. */
function canOpen({ composite, caps, hysteresis }: TrustSettings): Problem[] {
  const needed = composite.pass + caps.no_variance_margin + hysteresis.margin
  if (needed <= 100) return []
  const sum = `pass (${composite.pass}) + no_variance_margin (${caps.no_variance_margin}) + margin`
  return [problem(['hysteresis', 'margin'], `must leave a score that opens: ${sum} is ${needed}, above 100`)]
}

/** At least two points [x, score]; x rises, the score never does: being worse never scores better. */
function curve(path: readonly string[], points: readonly (readonly number[])[]): Problem[] {
  const odd = points.findIndex(point => point.length !== 2)
  if (odd >= 0) return [problem([...path, String(odd)], 'must be a pair [x, score]')]
  if (points.length < 2) return [problem(path, `must have at least two points, got ${points.length}`)]
  for (const [i, point] of points.entries()) {
    const [x, score] = point as [number, number]
    const at = [...path, String(i)]
    if (Math.abs(x) > 1e9) return [problem(at, `must have an x from -1e9 to 1e9, got ${x}`)]
    if (score < 0 || score > 100) return [problem(at, `must have a score from 0 to 100, got ${score}`)]
    if (i === 0) continue
    const [lastX, lastScore] = points[i - 1] as [number, number]
    if (x <= lastX) return [problem(at, `must have an x above ${lastX}, that of the point before, got ${x}`)]
    if (score > lastScore)
      return [problem(at, `must not score above ${lastScore}, that of the point before, got ${score}`)]
  }
  return []
}

function metrics(names: readonly string[]): Problem[] {
  if (names.length === 0) return [problem(['anomaly', 'metrics'], 'must name a metric')]
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  return twice === undefined ? [] : [problem(['anomaly', 'metrics'], `names ${twice} twice`)]
}
