import t from 'tap'
import { checkTrustSettings } from '../../../../pipelines/trust/settings/check.ts'
import { freshnessLimits } from '../../../../pipelines/trust/settings/freshness-limits.ts'
import { policyOf } from '../../../../pipelines/trust/settings/policy.ts'

const problems = (value: unknown) => checkTrustSettings(value).problems.map(({ text }) => text)

t.test('nothing set is a complete policy with the defaults of product.md', async t => {
  const { settings } = checkTrustSettings({})
  t.match(settings, {
    composite: { weights: { emq: 0.4, freshness: 0.25, variance: 0.2, anomaly: 0.15 }, pass: 70, hold: 40 },
    match_quality: { weights: { match_rate: 0.3 }, minimum_weight: 0.6 },
    hysteresis: { minutes: 30, evaluations: 6, margin: 3 },
    caps: { stale_minutes: 15, no_variance_margin: 5 },
    valid_minutes: 10,
  })
  t.equal(policyOf(settings!, 7).version, 7)
})

t.test('a part that is set leaves the rest as it is', async t => {
  const given = {
    composite: { pass: 80 },
    freshness: { sources: { spend: { fresh_hours: 3, stale_hours: 24 } } },
  }
  const { settings } = checkTrustSettings(given)
  t.match(settings, { composite: { pass: 80, hold: 40 }, hysteresis: { minutes: 30 } })
  t.same(given.composite, { pass: 80 }, 'what was given stays as it was')
})

t.test('every problem says its path and the reason', async t => {
  const rows: readonly (readonly [unknown, readonly string[]])[] = [
    [{ composite: { weights: { emq: 0.5 } } }, ['/composite/weights must sum to 1, got 1.1']],
    [
      { match_quality: { weights: { match_rate: 0.2, coverage: 0.2 } } },
      ['/match_quality/weights must sum to 1, got 0.85'],
    ],
    [{ composite: { hold: 70 } }, ['/composite/hold must be less than pass (70), got 70']],
    [{ composite: { pass: 30 } }, ['/composite/hold must be less than pass (30), got 40']],
    [{ caps: { emq_block: 50 } }, ['/caps/emq_block must be at most component_hold (40), got 50']],
    [
      { freshness: { sources: { ga4: { fresh_hours: 48, stale_hours: 24 } } } },
      ['/freshness/sources/ga4/fresh_hours must be less than stale_hours (24), got 48'],
    ],
    [
      { freshness: { skew_minutes: 60 } },
      ['/freshness/skew_minutes must be less than invalid_hours (60), got 60'],
    ],
    [
      { variance: { minimum_baseline_days: 40 } },
      ['/variance/minimum_baseline_days must be at most baseline_days (28), got 40'],
    ],
    [
      {
        variance: {
          level: [
            [0.1, 100],
            [0.1, 50],
          ],
        },
      },
      ['/variance/level/1 must have an x above 0.1, that of the point before, got 0.1'],
    ],
    [
      {
        anomaly: {
          score: [
            [2, 50],
            [3, 60],
          ],
        },
      },
      ['/anomaly/score/1 must not score above 50, that of the point before, got 60'],
    ],
    [
      {
        anomaly: {
          score: [
            [2, 101],
            [3, 60],
          ],
        },
      },
      ['/anomaly/score/0 must have a score from 0 to 100, got 101'],
    ],
    [{ anomaly: { score: [[2, 100]] } }, ['/anomaly/score must have at least two points, got 1']],
    [{ anomaly: { score: [[2, 100, 3], [1]] } }, ['/anomaly/score/0 must be a pair [x, score]']],
    [
      { composite: { pass: 90 }, hysteresis: { margin: 6 } },
      [
        '/hysteresis/margin must leave a score that opens: pass (90) + no_variance_margin (5) + margin is 101, above 100',
      ],
    ],
    [{ anomaly: { metrics: [] } }, ['/anomaly/metrics must name a metric']],
    [{ anomaly: { metrics: ['cpa', 'cpa'] } }, ['/anomaly/metrics names cpa twice']],
    [
      { anomaly: { metrics: ['clicks'] } },
      ['/anomaly/metrics/0 must be one of "spend", "conversions", "cpa", "roas", got "clicks"'],
    ],
    [{ composite: { weights: { emq: 40 } } }, ['/composite/weights/emq must be <= 1, got 40']],
    [{ composite: { pass: '70' } }, ['/composite/pass must be number, got "70"']],
    [{ hysteresis: { evaluations: 0 } }, ['/hysteresis/evaluations must be >= 1, got 0']],
    [{ hysterisis: {} }, ['/hysterisis is not a setting (did you mean "hysteresis"?)']],
    [
      { match_quality: { key_weights: { email: 0 } } },
      ['/match_quality/key_weights must name a key with a weight above 0'],
    ],
    [null, ['/ must be object, got null']],
  ]
  for (const [value, wanted] of rows) {
    t.same(problems(value), wanted, JSON.stringify(value))
    t.equal(checkTrustSettings(value).settings, null)
  }
})

t.test('all problems are told at once, each with its path', async t => {
  const { problems: found } = checkTrustSettings({
    composite: { weights: { emq: 0.5 }, hold: 90 },
    caps: { emq_block: 60 },
  })
  t.same(
    found.map(({ path }) => path.join('.')),
    ['composite.weights', 'composite.hold', 'caps.emq_block'],
  )
})

t.test('weights of thirds sum to 1', async t => {
  const third = 0.333
  t.same(
    problems({ composite: { weights: { emq: third, freshness: third, variance: third, anomaly: 0 } } }),
    [],
  )
})

t.test('limits of a source: its own, else those of the profile', async t => {
  const limits = (value: unknown, source: 'spend' | 'ga4' | 'conversions' | 'capi') =>
    freshnessLimits(checkTrustSettings(value).settings!, source)
  t.same(limits({}, 'spend'), { fresh: 24, stale: 48 })
  const streaming = {
    freshness: { profile: 'streaming', sources: { spend: { fresh_hours: 1, stale_hours: 2 } } },
  }
  t.same(limits(streaming, 'spend'), { fresh: 1, stale: 2 })
  t.same(limits(streaming, 'conversions'), { fresh: 15, stale: 36 })
  t.same(limits(streaming, 'capi'), { fresh: 1, stale: 6 })
  t.same(limits(streaming, 'ga4'), { fresh: 24, stale: 48 })
})
