import fc from 'fast-check'
import t from 'tap'
import { neededRatio, type Observed, pacing, phaseOf } from '../../../pipelines/pacing/model/status.ts'
import { TARGET_METRICS, type Target } from '../../../pipelines/pacing/model/target.ts'

const target = (metric: Target['metric'], value = 100): Target => ({
  metric,
  value,
  start: '2026-01-01',
  end: '2026-01-31',
  warningPct: metric === 'SPEND' ? 80 : 95,
  criticalPct: metric === 'SPEND' ? 95 : 80,
})
const seen = (change: Partial<Observed>): Observed => ({
  phase: 'ACTIVE',
  e: 0.5,
  dataAgeHours: 1,
  isMixed: false,
  actual: 50,
  projected: { mean: 100, lower: 95, upper: 105 },
  ...change,
})
const status = (metric: Target['metric'], change: Partial<Observed>, value?: number) =>
  pacing(target(metric, value), seen(change)).status

t.test("the document's forecast is not at risk", async t => {
  const projected = { mean: 4_800_000, lower: 4_500_000, upper: 5_100_000 }
  const made = pacing(target('SPEND', 5_000_000), seen({ actual: 2_400_000, projected }))
  t.match(made, { attainment: 0.96, lower: 0.9, upper: 1.02, status: 'ON_TRACK', pace: 0.96 })
})

t.test('a goal: the first status that holds', async t => {
  const at = (mean: number, upper: number) => ({ mean, lower: mean - 10, upper })
  t.equal(status('REVENUE', { projected: at(80, 94) }), 'MISSED')
  t.equal(status('REVENUE', { projected: at(80, 96) }), 'AT_RISK')
  t.equal(status('REVENUE', { actual: 41 }), 'BEHIND')
  t.equal(status('REVENUE', { actual: 43 }), 'ON_TRACK')
  t.equal(status('REVENUE', { actual: 59 }), 'AHEAD')
  t.equal(status('LEADS', { projected: at(130, 150) }), 'ON_TRACK', 'more of a goal is no risk')
  t.equal(status('REVENUE', { projected: { mean: null, lower: null, upper: null } }), 'ON_TRACK')
  t.equal(status('REVENUE', { phase: 'ENDED', e: 1, actual: 94 }), 'MISSED')
  t.equal(status('REVENUE', { phase: 'ENDED', e: 1, actual: 96 }), 'ON_TRACK')
  t.equal(status('REVENUE', { phase: 'ENDED', e: 1, actual: 107 }), 'AHEAD')
})

t.test('a budget can be missed on both sides', async t => {
  t.equal(status('SPEND', { actual: 106 }), 'MISSED')
  t.equal(status('SPEND', { projected: { mean: 106, lower: 90, upper: 120 } }), 'AT_RISK')
  t.equal(status('SPEND', { projected: { mean: 94, lower: 90, upper: 100 } }), 'AT_RISK')
  t.equal(status('SPEND', { projected: { mean: 90, lower: 80, upper: 94 } }), 'MISSED')
  t.equal(status('SPEND', { phase: 'ENDED', e: 1, actual: 94 }), 'MISSED')
  t.equal(status('SPEND', { phase: 'ENDED', e: 1, actual: 104 }), 'ON_TRACK')
})

t.test('ratios: of CPA less is better', async t => {
  const roas = (actual: number, mean = actual) => ({ actual, projected: { mean, lower: mean, upper: mean } })
  t.equal(status('ROAS', roas(4), 4), 'ON_TRACK')
  t.equal(status('ROAS', roas(4.3), 4), 'AHEAD')
  t.equal(status('ROAS', roas(3.7, 3.9), 4), 'BEHIND')
  t.equal(status('ROAS', roas(3.7), 4), 'AT_RISK')
  t.equal(status('ROAS', { ...roas(3.7), needed: 6.1, usual: 4 }, 4), 'MISSED')
  t.equal(status('CPA', roas(2000), 2000), 'ON_TRACK')
  t.equal(status('CPA', roas(1800), 2000), 'AHEAD')
  t.equal(status('CPA', roas(2200, 2050), 2000), 'BEHIND')
  t.equal(status('CPA', roas(2200), 2000), 'AT_RISK')
  t.equal(status('CPA', { ...roas(2200), needed: 1300, usual: 2000 }, 2000), 'MISSED')
  t.equal(status('CPA', { ...roas(2200), phase: 'ENDED', e: 1 }, 2000), 'MISSED')
  const { lower, upper } = pacing(
    target('CPA', 2000),
    seen({ projected: { mean: 2000, lower: 1600, upper: 2500 } }),
  )
  t.same([lower, upper], [0.8, 1.25])
  t.equal(neededRatio(4, 300, 100, 100), 5)
  t.equal(neededRatio(4, 300, 100, 0), null)
})

t.test('what is not known has no status, and a reason', async t => {
  const of = (metric: Target['metric'], change: Partial<Observed>) => {
    const { status, reason } = pacing(target(metric), seen(change))
    return [status, reason]
  }
  t.same(of('REVENUE', { phase: 'NOT_STARTED', e: 0, actual: 0 }), [null, 'NOT_STARTED'])
  t.same(of('REVENUE', { dataAgeHours: 48 }), [null, 'NO_DATA'])
  t.same(of('REVENUE', { dataAgeHours: null }), [null, 'NO_DATA'])
  t.same(of('REVENUE', { phase: 'ENDED', e: 1, actual: 100, dataAgeHours: 900 }), ['ON_TRACK', null])
  t.same(of('SPEND', { isMixed: true, actual: null }), [null, 'SEVERAL_CURRENCIES'])
  t.same(of('CPA', { isMixed: true, actual: null }), [null, 'SEVERAL_CURRENCIES'])
  t.same(of('ROAS', { actual: null }), [null, 'NO_RATIO'], 'no spend')
  t.same(of('CPA', { actual: 0 }), [null, 'NO_RATIO'], 'conversions without spend')
  t.equal(phaseOf(target('SPEND'), '2025-12-31'), 'NOT_STARTED')
  t.equal(phaseOf(target('SPEND'), '2026-01-31'), 'ACTIVE')
  t.equal(phaseOf(target('SPEND'), '2026-02-01'), 'ENDED')
})

t.test('nobody is ahead or behind before a tenth has passed', async t => {
  t.equal(status('REVENUE', { e: 0.09, actual: 0 }), 'ON_TRACK')
  t.equal(
    status('ROAS', { e: 0.09, actual: 900, projected: { mean: 900, lower: 1, upper: 999 } }, 4),
    'ON_TRACK',
  )
})

const amount = fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true }))

t.test('whatever comes in, nothing that comes out is infinite, and scale does not matter', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TARGET_METRICS),
      fc.constantFrom('NOT_STARTED', 'ACTIVE', 'ENDED'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(amount, { minLength: 4, maxLength: 4 }),
      (metric, phase, e, [actual, mean, lower, upper]) => {
        const at = (k: number) => {
          const by = (x: number | null | undefined) => (x == null ? null : x * k)
          const projected = { mean: by(mean), lower: by(lower), upper: by(upper) }
          return pacing(target(metric, 1000 * k), seen({ phase, e, actual: by(actual), projected }))
        }
        const one = at(1)
        const figures = [one.pace, one.attainment, one.lower, one.upper, one.band]
        return (
          figures.every(x => x === null || Number.isFinite(x)) &&
          (one.status === null) === (one.reason !== null) &&
          at(4).status === one.status
        )
      },
    ),
  )
})
