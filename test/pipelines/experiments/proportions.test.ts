import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type Arm, armOf, armsOf } from '../../../pipelines/experiments/model/arm.ts'
import { compare } from '../../../pipelines/experiments/model/compare.ts'
import { holm } from '../../../pipelines/experiments/model/holm.ts'
import { cohenH, newcombe, pooledP, rateOf, wald } from '../../../pipelines/experiments/model/proportions.ts'

const near = (t: Test, got: number | null, wanted: number, tolerance: number) =>
  t.ok(got !== null && Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)
const arm = (conversions: number, users: number, name = 'a'): Arm => ({ name, conversions, users })

t.test('published rows', async t => {
  const rows = [
    [500, 10000, 560, 10000, 0.058257806034, -0.00020922, 0.01220922, -0.000212667, 0.012222356, 0.026792085],
    [50, 1000, 65, 1000, 0.14964310637, -0.005394459, 0.035394459, -0.00553174, 0.035738322, 0.064567194],
    [200, 10000, 260, 10000, 0.004651140451, 0.001845801, 0.010154199, 0.001845311, 0.010184311, 0.040110267],
    [
      1234, 45678, 1345, 45701, 0.027504638927, 0.000267777, 0.004562692, 0.000267403, 0.004565066,
      0.014587253,
    ],
  ] as const
  for (const [x1, n1, x2, n2, p, wl, wu, nl, nu, h] of rows) {
    const [one, two] = [arm(x1, n1), arm(x2, n2)]
    near(t, pooledP(one, two), p, 1e-12)
    for (const [i, bound] of [wl, wu].entries()) near(t, wald(one, two, 0.95)[i]!, bound, 1e-9)
    for (const [i, bound] of [nl, nu].entries()) near(t, newcombe(one, two, 0.95)[i]!, bound, 1e-9)
    near(t, cohenH(rateOf(one), rateOf(two)), h, 1e-9)
  }
})

t.test("Newcombe's own table II", async t => {
  // Newcombe 1998, method 10: rows a to h.
  const rows = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ] as const
  for (const [x1, n1, x2, n2, lower, upper] of rows) {
    const [l, u] = newcombe(arm(x2, n2), arm(x1, n1), 0.95)
    near(t, l, lower, 6e-5)
    near(t, u, upper, 6e-5)
  }
})

t.test('nobody, or everybody, converted: null, never NaN', async t => {
  for (const [x, n] of [
    [0, 100],
    [100, 100],
  ] as const) {
    const { comparisons, srm } = compare([arm(x, n, 'a'), arm(x, n, 'b')])
    const [one] = comparisons
    t.equal(one!.p_value, null)
    t.equal(one!.p_holm, null)
    t.equal(one!.power, null)
    t.equal(one!.ci_sequential, null)
    t.ok([...one!.ci_newcombe, ...one!.ci_wald, one!.difference, srm.p].every(Number.isFinite))
  }
  const [opposite] = compare([arm(0, 50, 'a'), arm(50, 50, 'b')]).comparisons
  t.equal(opposite!.power, 1)
})

t.test('an arm is refused with what is wrong about it', async t => {
  t.same(armOf('a:b:5/10'), { name: 'a:b', conversions: 5, users: 10 })
  for (const [text, why] of [
    ['control', /NAME:conversions\/users/],
    ['control:5', /NAME:conversions\/users/],
    ['control:-5/10', /whole numbers/],
    ['control:1.5/10', /whole numbers/],
    ['control:/10', /whole numbers/],
    ['control:0/0', /without users/],
    ['control:11/10', /11 of 10/],
    [`control:1/${2 ** 60}`, /whole numbers/],
  ] as const)
    t.throws(() => armOf(text), why)
  t.throws(() => armsOf(['a:1/2']), /at least two arms/)
  t.throws(() => armsOf(['a:1/2', 'a:1/3']), /two arms "a"/)
})

const counts = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([users, share]) => arm(Math.floor(users * share), users))

t.test('intervals hold the difference, within -1 and 1, and turn round with the arms', async () => {
  fc.assert(
    fc.property(counts, counts, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (a, b, confidence) => {
      const d = rateOf(b) - rateOf(a)
      const [l, u] = newcombe(a, b, confidence)
      const [rl, ru] = newcombe(b, a, confidence)
      const p = pooledP(a, b)
      return (
        l <= d + 1e-12 &&
        d <= u + 1e-12 &&
        l >= -1 - 1e-12 &&
        u <= 1 + 1e-12 &&
        Math.abs(l + ru) < 1e-12 &&
        Math.abs(u + rl) < 1e-12 &&
        (p === null || (p >= 0 && p <= 1)) &&
        p === pooledP(b, a)
      )
    }),
  )
})

t.test("Holm's p-values keep the order, are never smaller, and Bonferroni's at most", async t => {
  t.same(holm([0.01, 0.04, 0.03, null]), [0.03, 0.06, 0.06, null])
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), ps => {
      const adjusted = holm(ps)
      return ps.every((p, i) => {
        const mine = adjusted[i]!
        const order = ps.every((other, j) => !(other < p) || adjusted[j]! <= mine)
        return mine >= p && mine <= Math.min(1, p * ps.length) + 1e-15 && order
      })
    }),
  )
})

t.test('with few people an interval held differences that no rates have', async t => {
  const few = compare([
    { name: 'control', conversions: 5, users: 20 },
    { name: 'blue', conversions: 15, users: 20 },
  ])
  const [lower, upper] = few.comparisons[0]!.ci_sequential!
  t.ok(lower > -1 && lower < 0, `${lower}: what can be is left`)
  t.equal(upper, 1)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 2, maxLength: 4 }), counts => {
      const arms = counts.map(([a, b], i) => ({ name: `${i}`, conversions: a, users: Math.max(1, a + b) }))
      for (const { ci_sequential, difference } of compare(arms as [Arm, ...Arm[]]).comparisons) {
        if (ci_sequential === null) continue
        const [least, most] = ci_sequential
        assert.ok(least >= -1 && least <= difference && most >= difference && most <= 1)
      }
    }),
  )
})
