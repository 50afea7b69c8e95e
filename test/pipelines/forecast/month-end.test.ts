import fc from 'fast-check'
import t, { type Test } from 'tap'
import {
  type Prepared,
  periodTotal,
  prepare,
  type SumAhead,
  sumAhead,
} from '../../../pipelines/forecast/model/month-end/month-end.ts'
import { ratioAhead } from '../../../pipelines/forecast/model/month-end/ratio.ts'

const near = (t: Test, got: number | null, wanted: number, tolerance = 1e-6) =>
  t.ok(got !== null && Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)

const days = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i))
const a = days(70, i => 100 + 10 * ((5 * i) % 7) + ((37 * i) % 11))
const b = days(200, i => 50 + i + 8 * Math.sin(i))

const series = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 56, maxLength: 200 })

const is = (t: Test, got: SumAhead, [mean, sd, lower, upper]: readonly number[]) => {
  near(t, got.mean, mean!)
  near(t, got.sd, sd!)
  near(t, got.lower, lower!)
  near(t, got.upper, upper!)
}

t.test('golden A: seventy days with weekdays', async t => {
  const made = prepare(a) as Prepared
  near(t, made.levels.after.at(-1)!, 134.772267)
  near(t, made.levels.alpha, 0.068254)
  near(t, made.levels.s2, 11.779294)
  for (const [i, w] of [0.734226, 0.224085, 0.03771, 0.00398].entries()) near(t, made.levels.weights[i]!, w)
  is(t, sumAhead(made, 1), [104.900578, 3.309003, 97.707047, 112.09411])
  is(t, sumAhead(made, 7), [943.405867, 11.098409, 916.700767, 970.110968])
  is(t, sumAhead(made, 25), [3339.534886, 32.150815, 3253.455117, 3425.614655])
  t.equal(sumAhead(made, 7).df, 10)
  t.equal(sumAhead(made, 25).df, 5.68)
  t.ok(sumAhead(made, 7).provisional)
})

t.test('golden B: a trend, which the recipe does not follow', async t => {
  const made = prepare(b) as Prepared
  t.equal(made.window.y.length, 182)
  near(t, made.levels.after.at(-1)!, 242.851261)
  near(t, made.levels.alpha, 0.318979)
  is(t, sumAhead(made, 1), [238.377967, 7.583418, 222.201783, 254.554151])
  is(t, sumAhead(made, 25), [6061.979893, 400.347912, 5100.706896, 7023.25289])
  t.notOk(sumAhead(made, 25).provisional)
})

t.test('golden C: a ratio of sums', async t => {
  const denominator = days(70, i => 40 + 4 * ((3 * i) % 7) + ((29 * i) % 13))
  const sides = [
    { soFar: 2000, series: prepare(a) },
    { soFar: 900, series: prepare(denominator) },
  ] as const
  const ratio = ratioAhead(...sides, 10)
  near(t, ratio.mean, 2.249258)
  near(t, ratio.lower, 2.180335)
  near(t, ratio.upper, 2.32036)
  const planned = ratioAhead(sides[0], 1500, 10)
  t.ok(planned.lower! < planned.mean! && planned.mean! < planned.upper!)
})

t.test('no forecast, or none with bounds, has a reason', async t => {
  const reasonOf = (series: readonly (number | null)[], h = 7) => {
    const { mean, lower, upper, reason } = sumAhead(prepare(series), h)
    return [mean !== null, lower !== null && upper !== null, reason]
  }
  t.same(reasonOf([]), [false, false, 'SHORT_HISTORY'])
  t.same(reasonOf([5]), [false, false, 'SHORT_HISTORY'])
  t.same(reasonOf(days(400, () => null as never)), [false, false, 'SHORT_HISTORY'])
  t.same(reasonOf(a.slice(0, 13)), [false, false, 'SHORT_HISTORY'])
  t.same(reasonOf(a.slice(0, 14)), [true, false, 'SHORT_HISTORY'])
  t.same(reasonOf(a.slice(0, 55)), [true, false, 'SHORT_HISTORY'])
  t.same(reasonOf(a.slice(0, 56)), [true, true, null])
  t.same(reasonOf(a.slice(0, 56), 60), [true, false, 'SHORT_HISTORY'])
  t.same(reasonOf(b, 91), [true, true, null])
  t.same(reasonOf(b, 92), [true, false, 'HORIZON'])
  t.same(reasonOf([...a, ...days(28, () => 0)]), [false, false, 'NO_ACTIVITY'])
  t.same(reasonOf(a.map((x, i) => (i % 9 === 0 && i > 0 ? null : x))), [true, true, null], '7 of 70 days')
  t.same(reasonOf(a.map((x, i) => (i % 8 === 4 ? null : x))), [false, false, 'MISSING_DAYS'], '9 of 70 days')
})

t.test('a constant series has an interval without width', async t => {
  const { mean, lower, upper } = sumAhead(prepare(days(100, () => 4)), 10)
  for (const bound of [mean, lower, upper]) near(t, bound, 40, 1e-9)
})

t.test('amounts of any size are forecast: powers of them were infinite', async t => {
  for (const scale of [1e-120, 1e-90, 1e90, 1e120]) {
    const made = sumAhead(prepare(a.map(x => x * scale)), 7)
    t.ok(Math.abs(made.mean! / scale - 943.405867) < 1e-5, `${scale}: ${made.mean}`)
    t.ok(made.lower! > 0 && made.upper! < 1000 * scale)
  }
})

t.test('a ratio of what does not sell is null with a reason', async t => {
  const nothing = { soFar: 0, series: prepare(days(100, () => 0)) }
  const some = { soFar: 10, series: prepare(a) }
  t.equal(ratioAhead(nothing, some, 5).reason, 'NO_ACTIVITY')
  t.equal(ratioAhead(some, 0, 5).reason, 'NOT_POSITIVE')
  t.equal(ratioAhead({ soFar: -1e9, series: prepare(a) }, some, 5).reason, 'NOT_POSITIVE')
})

t.test(
  'a level that stays is not allowed to wander where that is measured, and nowhere more than it was',
  async t => {
    const still = days(182, i => 100 + 20 * Math.sin(i * i))
    const mixed = sumAhead(prepare(still), 28)
    const measured = sumAhead(prepare(still), 28, { wander: 'MEASURED' })
    t.equal(measured.mean, mixed.mean)
    t.ok(measured.sd! < 0.8 * mixed.sd!, `${measured.sd} and ${mixed.sd}`)
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 28 }), (y, h) => {
        const [a, b] = [sumAhead(prepare(y), h), sumAhead(prepare(y), h, { wander: 'MEASURED' })]
        return a.sd === null ? b.sd === null : b.sd! <= a.sd * (1 + 1e-12)
      }),
    )
  },
)

t.test('the total of a period is never below what is there', async t => {
  const wild = days(100, i => (i % 2 === 0 ? 0 : 50 + ((i * 31) % 17)))
  const total = periodTotal(1000, sumAhead(prepare(wild), 1))
  t.equal(total.lower, 1000)
  t.equal(periodTotal(null, sumAhead(prepare(wild), 1)).mean, null)
})

t.test('a forecast scales with its series, holds its mean, and is finite', async () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 91 }), fc.integer({ min: -8, max: 8 }), (y, h, power) => {
      const one = sumAhead(prepare(y), h)
      const scaled = sumAhead(prepare(y.map(x => x * 2 ** power)), h)
      if (one.reason !== scaled.reason) return false
      for (const key of ['mean', 'lower', 'upper'] as const) {
        const [x, z] = [one[key], scaled[key]]
        if (x === null) continue
        if (!Number.isFinite(x) || Math.abs(x * 2 ** power - z!) > 1e-9 * Math.abs(z!)) return false
      }
      return one.lower === null || (one.lower <= one.mean! && one.mean! <= one.upper!)
    }),
  )
})
