import fc from 'fast-check'
import t, { type Test } from 'tap'
import { ahead } from '../../../pipelines/forecast/model/ahead.ts'
import { smoothed } from '../../../pipelines/forecast/model/forecast.ts'
import { seasonOf } from '../../../pipelines/forecast/model/season.ts'
import { fitEwma, fitHolt, fitSes } from '../../../pipelines/forecast/model/smoothing.ts'

const near = (t: Test, got: number, wanted: number, tolerance = 1e-9) =>
  t.ok(Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${got}, wanted ${wanted}`)

const ones = (h: number) => new Array<number>(h).fill(1)

t.test('the variance of a sum has its closed form', async t => {
  const fit = { model: 'ses', alpha: 0.3, beta: null, level: 10, trend: 0, s2: 4 } as const
  const z = 1.959963984540054
  for (const h of [1, 2, 7, 30]) {
    const { points, total } = ahead(fit, ones(h), 0.95)
    const a = 0.3
    const variance = 4 * (h + a * h * (h - 1) + (a * a * (h - 1) * h * (2 * h - 1)) / 6)
    near(t, total.mean, 10 * h)
    near(t, (total.upper - total.mean) / z, Math.sqrt(variance))
    near(t, (points.at(-1)!.upper - 10) / z, Math.sqrt(4 * (1 + (h - 1) * a * a)))
  }
})

t.test('the variance of Holt has its closed form', async t => {
  const fit = { model: 'holt', alpha: 0.4, beta: 0.25, level: 10, trend: 2, s2: 9 } as const
  const { points } = ahead(fit, ones(5), 0.95)
  let spread = 1
  for (let j = 1; j < 5; j++) spread += (0.4 + 0.1 * j) ** 2
  near(t, points[4]!.mean, 20)
  near(t, (points[4]!.upper - 20) / 1.959963984540054, Math.sqrt(9 * spread))
})

t.test('weights of a season move errors as they move means', async t => {
  const fit = { model: 'ses', alpha: 0.2, beta: null, level: 5, trend: 0, s2: 1 } as const
  const w = [1.5, 0.5, 1]
  const variance = (1.5 + 0.2 * 1.5) ** 2 + (0.5 + 0.2) ** 2 + 1
  const { total } = ahead(fit, w, 0.95)
  near(t, total.mean, 15)
  near(t, (total.upper - 15) / 1.959963984540054, Math.sqrt(variance))
})

t.test('no other constants fit better', async t => {
  const y = Array.from({ length: 80 }, (_, i) => 50 + 10 * Math.sin(i / 9) + ((i * 37) % 13))
  const sse = (alpha: number, l0: number) => {
    let l = l0
    return y.reduce((sum, x) => {
      const e = x - l
      l += alpha * e
      return sum + e * e
    }, 0)
  }
  const best = fitSes(y).s2 * 78
  for (let alpha = 0.02; alpha < 1; alpha += 0.02)
    for (let l0 = 30; l0 <= 80; l0++) t.ok(sse(alpha, l0) >= best - 1e-6)
})

t.test('a line is followed by Holt, a constant by all', async t => {
  const line = Array.from({ length: 30 }, (_, i) => 7 + 3 * i)
  const { points, total } = smoothed('holt', line, { horizon: 3, level: 0.95 })
  near(t, points[2]!.mean, 7 + 3 * 32, 1e-6)
  near(t, total.mean, 3 * 7 + 3 * (30 + 31 + 32), 1e-6)
  for (const model of ['ses', 'holt', 'ewma'] as const) {
    const { points } = smoothed(model, ones(20), { horizon: 4, level: 0.9 })
    for (const { mean, lower, upper } of points) for (const x of [mean, lower, upper]) near(t, x, 1, 1e-9)
  }
})

t.test('an EWMA starts at the first value and weighs the newest by alpha', async t => {
  const fit = fitEwma([10, 20, 20], 0.5)
  t.equal(fit.level, 17.5)
  t.equal(fit.s2, (100 + 25) / 2)
})

t.test('too few values are refused', async t => {
  t.throws(() => fitSes([1, 2]), /at least 3 values, got 2/)
  t.throws(() => fitHolt([1, 2, 3, 4]), /at least 5/)
  t.throws(() => fitEwma([1]), /at least 2/)
})

t.test('a season is taken out where there is one', async t => {
  const shape = [0.5, 1, 1.5, 1]
  const y = Array.from({ length: 40 }, (_, i) => 100 * shape[i % 4]!)
  for (const [k, index] of seasonOf(y, 4)!.entries()) near(t, index, shape[k]!)
  const { points, fit } = smoothed('ses', y, { horizon: 4, level: 0.95, season: 4 })
  t.ok(points.every((p, k) => Math.abs(p.mean - 100 * shape[k]!) < 1e-9))
  near(t, fit.sigma!, 0)
  t.equal(seasonOf(y.slice(0, 11), 4), null, 'fewer than three')
  t.equal(seasonOf(ones(40), 4), null, 'no variance')
  t.equal(
    seasonOf(
      Array.from({ length: 60 }, (_, i) => 5 + ((i * i * 31) % 17)),
      7,
    ),
    null,
    'none to be told',
  )
  t.throws(
    () =>
      seasonOf(
        y.map(x => x - 100),
        4,
      ),
    RangeError,
    'not of positive values',
  )
})

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 40 })

t.test('shifting and scaling a series shifts and scales its forecast', async () => {
  fc.assert(
    fc.property(values, fc.integer({ min: -6, max: 6 }), (y, power) => {
      const k = 2 ** power
      const one = fitEwma(y)
      const scaled = fitEwma(y.map(x => x * k))
      const shifted = fitEwma(y.map(x => x + 1024))
      return (
        Math.abs(scaled.level - k * one.level) <= 1e-6 &&
        Math.abs(shifted.level - one.level - 1024) <= 1e-6 &&
        Math.abs(Math.sqrt(scaled.s2) - k * Math.sqrt(one.s2)) <= 1e-6 * k * (1 + Math.sqrt(one.s2))
      )
    }),
  )
})

t.test('an interval holds its mean and grows with the level; nothing is infinite', async () => {
  fc.assert(
    fc.property(values, fc.constantFrom('ses', 'holt', 'ewma'), (y, model) => {
      const at = (level: number) => smoothed(model, y, { horizon: 10, level })
      const [narrow, wide] = [at(0.8), at(0.99)]
      return [...narrow.points, narrow.total].every((p, i) => {
        const w = i < 10 ? wide.points[i]! : wide.total
        const all = [p.mean, p.lower, p.upper, w.lower, w.upper] as number[]
        return (
          all.every(Number.isFinite) && p.lower! <= p.mean! && p.mean! <= p.upper! && w.lower! <= p.lower!
        )
      })
    }),
    { numRuns: 50 },
  )
})
