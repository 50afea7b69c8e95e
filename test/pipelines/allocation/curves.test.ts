import fc from 'fast-check'
import t, { type Test } from 'tap'
import { marginal, meanMarginal, result } from '../../../pipelines/allocation/model/curve.ts'
import { fit } from '../../../pipelines/allocation/model/fit.ts'
import { gain } from '../../../pipelines/allocation/model/gain.ts'
import { type CampaignHistory, heldBecause } from '../../../pipelines/allocation/model/history.ts'
import { scenario } from '../../../pipelines/allocation/model/scenario.ts'
import { rounded, split } from '../../../pipelines/allocation/model/split.ts'
import { a, b, c, d, history, seven } from './histories.ts'

const near = (t: Test, got: number | null, wanted: number, tolerance = 1e-6) =>
  t.ok(got !== null && Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)

t.test('golden curves a, b, c', async t => {
  const rows = [
    [0.583624, 0.182644, 'SHARED', [1505.268591, 1243.946294, 1798.738726], [1.253899, 0.576722, 1.964944]],
    [0.672477, 0.176164, 'SHARED', [1446.790492, 1195.492052, 1729.033858], [1.388522, 0.732112, 2.039848]],
    [0.611556, 0.217223, 'PRIOR', [1507.773449, 1246.392884, 1801.257544], [1.317269, 0.487225, 2.11673]],
  ] as const
  for (const [i, curve] of fit([a, b, c]).entries()) {
    const [elasticity, sd, evidence, f, slope] = rows[i]!
    near(t, curve.elasticity, elasticity)
    near(t, curve.sd, sd)
    near(t, curve.priorSd, 0.217223)
    t.equal(curve.evidence, evidence)
    const made = [result(curve, 700), marginal(curve, 700)]
    for (const [j, wanted] of [f, slope].entries())
      for (const [k, key] of (['mean', 'lower', 'upper'] as const).entries())
        near(t, made[j]![key], wanted[k]!)
  }
})

t.test('golden split of a, b and c, which is no clear gain', async t => {
  const curves = fit([a, b, c])
  const { spends, lambda } = split(
    curves.map(curve => ({ curve, lower: 560, upper: 840 })),
    2100,
  )
  for (const [i, spend] of [647.411696, 759.313988, 693.274316].entries()) near(t, spends[i]!, spend)
  near(t, lambda, 1.325197)
  const made = gain(curves.map((curve, i) => ({ curve, from: 700, to: spends[i]! })))
  for (const [key, wanted] of [
    ['mean', 3.78219],
    ['lower', -43.729503],
    ['upper', 51.293882],
    ['probability', 0.552088],
  ] as const)
    near(t, made[key], wanted)
})

t.test('golden split of a and d', async t => {
  const curves = fit([a, d])
  const { spends, lambda } = split(
    curves.map(curve => ({ curve, lower: 560, upper: 840 })),
    1400,
  )
  t.same(spends, [560, 840])
  near(t, lambda, 1.434686)
  const made = gain(curves.map((curve, i) => ({ curve, from: 700, to: spends[i]! })))
  near(t, made.mean, 165.101479)
  near(t, made.lower, -33.347727)
  near(t, made.upper, 363.550684)
  near(t, made.probability, 0.914414)
})

t.test('golden scenario, and what is out of range', async t => {
  const [curve, , still] = fit([a, b, c])
  const made = scenario(curve!, 910, 700)
  if ('reason' in made) return t.fail('it is in range')
  near(t, made.result.mean, 1743.449334)
  near(t, made.result.lower, 1415.156837)
  near(t, made.result.upper, 2116.717148)
  near(t, made.change.mean, 238.180743)
  t.notOk(made.extrapolated)
  t.match(scenario(curve!, 1400, 700), { extrapolated: true })
  t.match(scenario(curve!, 1500, 700), { reason: 'OUT_OF_RANGE', lowest: 280, highest: 1470 })
  t.match(scenario(curve!, 0, 700), { reason: 'OUT_OF_RANGE' })
  t.match(scenario(curve!, Number.NaN, 700), { reason: 'OUT_OF_RANGE' })
  t.match(scenario(still!, 850, 700), { reason: 'OUT_OF_RANGE' }, 'only the platform is known')
})

t.test('golden week effects of seven campaigns', async t => {
  const curves = fit(seven)
  for (const [k, elasticity, slope] of [
    [0, 0.579499, 0.724318],
    [3, 0.588567, 1.357051],
    [6, 0.618061, 2.314223],
  ] as const) {
    near(t, curves[k]!.elasticity, elasticity)
    near(t, meanMarginal(curves[k]!, 700), slope)
  }
})

t.test('campaigns in whatever order give the same bytes', async t => {
  t.same(JSON.stringify(fit([...seven].reverse())), JSON.stringify(fit(seven)))
})

t.test('results that broke with their past stand alone', async t => {
  const weeks = a.weeks.map((week, i) => (i === 11 ? { ...week, result: week.result! * 3 } : week))
  const [broken] = fit([{ ...a, weeks }])
  t.ok(broken!.level.isRestarted)
  t.notOk(fit([a])[0]!.level.isRestarted)
})

t.test('spend that follows results tells nothing about its slope', async t => {
  const [curve] = fit([{ ...a, followsResults: true }])
  t.equal(curve!.evidence, 'PRIOR')
  near(t, curve!.sd, curve!.priorSd, 1e-12)
})

t.test('an experiment scales results', async t => {
  const [plain] = fit([a])
  const [scaled] = fit([{ ...a, incrementality: 0.5 }])
  near(t, result(scaled!, 700).mean, result(plain!, 700).mean / 2, 1e-9)
})

t.test('campaigns that cannot be told are held', async t => {
  const short = history('s', [1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1])
  t.equal(heldBecause(short, 1), 'SHORT_HISTORY')
  t.equal(heldBecause({ ...a, weeks: a.weeks.map(w => ({ ...w, spend: 0 })) }, 1), 'SHORT_HISTORY')
  t.equal(heldBecause({ ...a, weeks: a.weeks.map(w => ({ ...w, result: null })) }, 1), 'SHORT_HISTORY')
  t.equal(heldBecause({ ...a, weeks: [] }, 1), 'SHORT_HISTORY')
  t.equal(heldBecause({ ...a, weeks: a.weeks.map(w => ({ ...w, conversions: 2 })) }, 1), 'FEW_CONVERSIONS')
  t.equal(heldBecause({ ...a, weeks: a.weeks.map(w => ({ ...w, result: 0 })) }, 1), 'FEW_CONVERSIONS')
  t.equal(heldBecause(a, 0.79), 'NOT_BUDGET_LIMITED')
  t.equal(heldBecause(a, 0.8), null)
  t.equal(heldBecause(a, null), null)
})

const campaign = fc
  .array(
    fc.tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e7, noNaN: true })),
    { minLength: 8, maxLength: 26 },
  )
  .filter(weeks => weeks.some(([, y]) => y > 1))
  .map(weeks =>
    history(
      'x',
      weeks.map(([x]) => x),
      weeks.map(([, y]) => y),
    ),
  )

const named = (histories: readonly CampaignHistory[]) =>
  histories.map((h, i) => ({ ...h, campaign: `c${i}` }))

t.test(
  'curves rise ever more slowly, their marginal return is their slope, and nothing is infinite',
  async () => {
    fc.assert(
      fc.property(campaign, fc.double({ min: 0.5, max: 2, noNaN: true }), (one, factor) => {
        const [curve] = fit([one])
        const x = curve!.series.reference * factor
        const [low, mid, high] = [0.99, 1, 1.01].map(k => result(curve!, x * k).mean)
        const slope = marginal(curve!, x)
        const secant = (high! - low!) / (0.02 * x)
        return (
          low! < mid! &&
          mid! < high! &&
          meanMarginal(curve!, x * 1.01) <= slope.mean &&
          Math.abs(secant - slope.mean) <= 1e-3 * slope.mean &&
          [mid!, slope.lower, slope.upper].every(Number.isFinite) &&
          slope.lower <= slope.upper
        )
      }),
      { numRuns: 40 },
    )
  },
)

t.test(
  'a split keeps its bounds and its budget, and moves what brings less to what brings more',
  async () => {
    fc.assert(
      fc.property(
        fc.array(campaign, { minLength: 2, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (some, share) => {
          const curves = fit(named(some))
          const bounded = curves.map(curve => ({
            curve,
            lower: 0.8 * curve.series.reference,
            upper: 1.2 * curve.series.reference,
          }))
          const usual = curves.reduce((sum, curve) => sum + curve.series.reference, 0)
          const budget = usual * (0.8 + 0.4 * share)
          const { spends } = split(bounded, budget)
          const total = spends.reduce((x, y) => x + y, 0)
          return (
            Math.abs(total - budget) <= 1e-6 * budget &&
            spends.every((x, i) => x >= bounded[i]!.lower - 1e-9 && x <= bounded[i]!.upper + 1e-9)
          )
        },
      ),
      { numRuns: 25 },
    )
  },
)

t.test('whole units add up to the budget', async t => {
  t.same(rounded([1.5, 1.4, 1.1], 4), [2, 1, 1])
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }),
      spends => {
        const budget = Math.ceil(spends.reduce((x, y) => x + y, 0))
        const whole = rounded(spends, budget)
        return (
          whole.reduce((x, y) => x + y, 0) === budget &&
          whole.every((x, i) => Math.abs(x - spends[i]!) <= 1.000001)
        )
      },
    ),
  )
})

t.test('what rounding adds goes nowhere above its bound', async t => {
  t.same(rounded([1.5, 1.4, 1.1], 4, [1, 2, 2]), [1, 2, 1])
})
