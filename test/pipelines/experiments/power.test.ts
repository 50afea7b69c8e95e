import fc from 'fast-check'
import t, { type Test } from 'tap'
import { powerOf, sampleSize } from '../../../pipelines/experiments/model/power.ts'
import { mixtureP, sequential, simpleSequential } from '../../../pipelines/experiments/model/sequential.ts'
import { isMismatched, srmP } from '../../../pipelines/experiments/model/srm.ts'

const near = (t: Test, got: number | null, wanted: number, tolerance: number) =>
  t.ok(got !== null && Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)
const relative = (baseline: number, mde: number) => ({ baseline, mde, mdeType: 'RELATIVE' }) as const
const absolute = (baseline: number, mde: number) => ({ baseline, mde, mdeType: 'ABSOLUTE' }) as const

t.test('published sample sizes', async t => {
  t.equal(sampleSize(relative(0.05, 0.1)), 31_234)
  t.equal(sampleSize(absolute(0.05, 0.005)), 31_234)
  t.equal(sampleSize(absolute(0.05, 0.1)), 141)
  t.equal(sampleSize(relative(0.05, 0.3)), 3_780)
  t.equal(sampleSize(absolute(0.1, 0.02)), 3_841)
})

t.test('published powers', async t => {
  near(t, powerOf(0.05, 0.055, 10_000, 10_000), 0.354107541678, 1e-11)
  near(t, powerOf(0.05, 0.055, 31_234, 31_234), 0.800008016726, 1e-11)
  near(t, powerOf(0.05, 0.06, 5_000, 5_000), 0.592238290675, 1e-11)
  near(t, powerOf(0.05, 0.055, 3_842, 3_842), 0.166, 5e-4)
  near(t, powerOf(0.05, 0.055, 1_000, 1_000), 0.079, 5e-4)
})

t.test('a size has the power that was asked for, and one fewer has not', async () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      fc.double({ min: 0.5, max: 0.99, noNaN: true }),
      (baseline, mde, power) => {
        const n = sampleSize(relative(baseline, mde), 0.05, power)
        const p2 = baseline * (1 + mde)
        // The formula leaves out the other tail, which is next to nothing here.
        return (
          powerOf(baseline, p2, n, n)! >= power - 1e-9 &&
          powerOf(baseline, p2, n, n)! <= powerOf(baseline, p2, n + 100, n + 100)! + 1e-12 &&
          n <= sampleSize(relative(baseline, mde * 0.9), 0.05, power)
        )
      },
    ),
  )
})

t.test('what no sample can find is refused', async t => {
  for (const [effect, why] of [
    [relative(0.05, 0), /effect of 0/],
    [relative(0, 0.1), /baseline/],
    [relative(1, 0.1), /baseline/],
    [relative(Number.NaN, 0.1), /baseline/],
    [relative(0.6, 1), /a relative effect of 1 .* rate of 1.2/],
    [absolute(0.05, -0.05), /an absolute effect/],
    [relative(0.05, 1e-12), /too small for any sample/],
  ] as const)
    t.throws(() => sampleSize(effect), why)
  t.throws(() => sampleSize(relative(0.05, 0.1), 0), /alpha/)
  t.throws(() => sampleSize(relative(0.05, 0.1), 0.05, 1), /power/)
  t.ok(sampleSize(relative(0.05, -0.1)) > 20_000, 'a fall')
})

t.test('published splits', async t => {
  const rows = [
    [[1000, 1200], [1, 1], 2.00786561e-5],
    [[50_000, 51_500], [1, 1], 2.49869521e-6],
    [[50_000, 50_500], [1, 1], 0.114749341707],
    [[9000, 1100], [90, 10], 0.00283474908],
    [[310, 98], [0.75, 0.25], 0.647434185702],
  ] as const
  for (const [users, weights, p] of rows) near(t, srmP(users, weights), p, Math.abs(p) * 1e-8)
  t.ok(isMismatched([1000, 1200]))
  t.notOk(isMismatched([7, 100]), 'too few to tell')
  t.throws(() => srmP([1, 2], [1, 0]), /weight above 0/)
})

t.test('a sequential interval is wider than a fixed one, whenever it is looked at', async () => {
  const se = 0.01
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 10_000_000 }),
      fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      (n, d) => {
        const { lower, upper, p } = sequential(d, se, n, 0.05)!
        const outside = lower > 0 || upper < 0
        return upper - d > 1.96 * se && p >= 0 && p <= 1 && outside === p < 0.05
      },
    ),
  )
})

t.test('the mixture test and the sequential p-value are one', async t => {
  // With τ² = r²V and n of each arm, N = n as the mixture counts.
  const [d, v, n, alpha] = [0.02, 0.1, 4000, 0.05]
  const a = -2 * Math.log(alpha)
  const r2 = (a + Math.log(a + 1)) / 5000
  near(t, mixtureP(d, v, n, r2 * v), sequential(d, Math.sqrt(v / n), n, alpha)!.p, 1e-12)
  t.equal(mixtureP(0, v, n, r2 * v, 0.2), 0.2, 'it never rises')
})

t.test("Miller's simple test stops at its bounds", async t => {
  t.equal(simpleSequential(120, 80, 400), 'TREATMENT_WINS')
  t.equal(simpleSequential(119, 80, 400), 'CONTINUE')
  t.equal(simpleSequential(205, 195, 400), 'NO_WINNER')
})
