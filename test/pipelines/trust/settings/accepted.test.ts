import fc from 'fast-check'
import t from 'tap'
import { evaluate } from '../../../../pipelines/trust/model/evaluate.ts'
import { decide } from '../../../../pipelines/trust/model/gate/decision.ts'
import { checkTrustSettings } from '../../../../pipelines/trust/settings/check.ts'
import { policyOf } from '../../../../pipelines/trust/settings/policy.ts'
import { trustInputs } from '../model/explain/generated.ts'
import { operations, scope } from '../model/generated.ts'
import { NOW } from '../policy.ts'

const number = (max: number) => fc.double({ min: 0, max, noNaN: true })
const points = fc
  .uniqueArray(fc.tuple(number(10), number(100)), { minLength: 2, maxLength: 5, selector: ([x]) => x })
  .map(found => {
    const falling = found.map(([, y]) => y).sort((a, b) => b - a)
    const rising = found.map(([x]) => x).sort((a, b) => a - b)
    return rising.map((x, i) => [x, falling[i]])
  })
const ordered = (...names: readonly [low: string, high: string]) =>
  fc
    .tuple(number(90), number(90))
    .map(([a, b]) => ({ [names[0]]: Math.min(a, b), [names[1]]: Math.max(a, b) }))
const weights = (names: readonly string[]) =>
  fc.tuple(...names.map((_, i) => fc.integer({ min: i === 0 ? 1 : 0, max: 10 }))).map(parts => {
    const sum = parts.reduce((a, b) => a + b, 0)
    return Object.fromEntries(names.map((name, i) => [name, parts[i]! / sum]))
  })

/** Some of it is refused, as it should be: a gap under a minute, a pass that nothing reaches. */
const written = fc.record(
  {
    composite: fc
      .tuple(weights(['emq', 'freshness', 'variance', 'anomaly']), ordered('hold', 'pass'))
      .map(([found, bounds]) => ({ weights: found, ...bounds })),
    match_quality: fc.record({
      weights: weights(['match_rate', 'coverage', 'latency', 'attribution', 'data_freshness']),
      latency: points,
      minimum_gap_minutes: fc.integer({ min: 0, max: 30 }),
    }),
    variance: fc.record({
      level: points,
      drift: points,
      minimum_spread: fc.integer({ min: 0, max: 30 }).map(n => n / 100),
    }),
    anomaly: fc.record({ score: points, metrics: fc.subarray(['spend', 'cpa'], { minLength: 1 }) }),
    caps: ordered('emq_block', 'component_hold'),
  },
  { requiredKeys: [] },
)

t.test('by whatever settings are accepted, no score is odd, and none that caps forbid passes', async t => {
  let accepted = 0
  fc.assert(
    fc.property(written, trustInputs, operations, scope, (value, inputs, at, of) => {
      const { settings, problems } = checkTrustSettings(value)
      if (settings === null) return problems.length > 0
      accepted++
      const policy = policyOf(settings, 1)
      const trust = evaluate(inputs, NOW, policy)
      const none = { risk_increasing: null, protective: null }
      const { view } = decide('meta', of, trust, at, none, NOW, policy)
      const scores = [trust.emq, trust.freshness, trust.variance, trust.anomaly, { value: view.score }]
      const isOdd = scores.some(({ value: x }) => x !== null && !(x >= 0 && x <= 100))
      const passes = view.gates.risk_increasing.capped === 'PASS'
      return (
        !isOdd && (!passes || (view.score! >= settings.composite.pass && view.effective_status === 'HEALTHY'))
      )
    }),
    { numRuns: 3000 },
  )
  t.ok(accepted > 300, `${accepted} of 3,000 were accepted`)
})
