import fc from 'fast-check'
import t, { type Test } from 'tap'
import { chiSquareTail, lnGamma } from '../../../pipelines/probability/model/gamma.ts'
import { erfc, normalCdf, normalQuantile } from '../../../pipelines/probability/model/normal.ts'
import { studentQuantile, twoSidedZ } from '../../../pipelines/probability/model/student.ts'

const near = (t: Test, got: number, wanted: number, relative: number) =>
  t.ok(Math.abs(got - wanted) <= relative * Math.abs(wanted), `${got}, wanted ${wanted}`)

t.test('published values', t => {
  // Abramowitz, Stegun: tables 7.1, 26.8; R 4: pnorm(-10), qnorm(1e-10).
  near(t, erfc(0.5), 0.4795001221869535, 1e-13)
  near(t, erfc(-1), 1.8427007929497148, 1e-13)
  near(t, erfc(5), 1.5374597944280349e-12, 1e-12)
  near(t, normalCdf(-10), 7.619853024160527e-24, 1e-12)
  near(t, normalQuantile(1e-10), -6.361340902404056, 1e-12)
  near(t, twoSidedZ(0.95), 1.959963984540054, 1e-14)
  near(t, chiSquareTail(3.841458820694124, 1), 0.05, 1e-12)
  near(t, chiSquareTail(18.307038053275146, 10), 0.05, 1e-12)
  near(t, lnGamma(0.5), Math.log(Math.PI) / 2, 1e-13)
  near(t, lnGamma(171), 706.5730622457874, 1e-13)
  near(t, studentQuantile(0.95, 10), 2.227972, 5e-7)
  near(t, studentQuantile(0.95, 5.5), 2.499954, 5e-7)
  t.end()
})

t.test('a quantile is the inverse of its distribution', async t => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), p => {
      const back = normalCdf(normalQuantile(p))
      return Math.abs(back - p) <= 1e-12 * p
    }),
  )
  for (const p of [0, 1, -1, Number.NaN]) t.throws(() => normalQuantile(p), RangeError)
})

t.test('tails fall and stay between 0 and 1', async () => {
  const x = fc.double({ min: 0, max: 500, noNaN: true })
  fc.assert(
    fc.property(x, x, fc.integer({ min: 1, max: 200 }), (a, b, df) => {
      const [low, high] = [chiSquareTail(Math.min(a, b), df), chiSquareTail(Math.max(a, b), df)]
      return low <= 1 && high >= 0 && high <= low + 1e-14
    }),
  )
})
