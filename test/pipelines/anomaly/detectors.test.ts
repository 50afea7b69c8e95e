import fc from 'fast-check'
import { pack, unpack } from 'msgpackr'
import t from 'tap'
import { DETECTORS } from '../../../pipelines/anomaly/model/detector.ts'
import { detectorOf } from '../../../pipelines/anomaly/model/detectors.ts'

type Value = number | null

function verdicts(name: (typeof DETECTORS)[number], values: readonly Value[], bins = 24, keptAt = -1) {
  const detector = detectorOf(name)
  let state = detector.empty(bins)
  return values.map((x, i) => {
    if (i === keptAt) state = unpack(pack(state))
    return detector.update(state, x, i % bins)
  })
}

const series = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i))
const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 }) },
  fc.constantFrom(0, 1e300, -1e300, Number.MIN_VALUE, 5e-13),
)
const anySeries = fc.array(anyValue, { minLength: 60, maxLength: 260 })

t.test('plain z, by hand', async t => {
  // The last 168 before it: 84 times 9 and 84 times 11, mean 10, deviation √(168 / 167).
  const values = [...series(300, i => (i % 2 === 0 ? 9 : 11)), 14]
  const { z, sign, expected, alert } = verdicts('zscore', values).at(-1)!
  t.ok(Math.abs(z! - 4 / Math.sqrt(168 / 167)) < 1e-9, String(z))
  t.match({ sign, expected, alert }, { sign: 1, expected: 10, alert: true })
})

t.test('seasonal: what is high for its hour is found, though it is no high value', async t => {
  const values = series(480, i => (i % 24 < 12 ? 10 : 100) + (i % 5))
  values[24 * 19 + 3] = 100
  const at = verdicts('seasonal', values)[24 * 19 + 3]!
  t.ok(at.z! > 2, String(at.z))
  t.equal(at.sign, 1)
  t.ok(Math.abs(at.expected! - 12) < 3, String(at.expected))
  t.ok(verdicts('zscore', values)[24 * 19 + 3]!.z! < 2, 'plain z does not see it')
})

for (const name of DETECTORS) {
  t.test(`${name}: a gap leaves everything as it was`, async t => {
    const detector = detectorOf(name)
    const state = detector.empty(7)
    for (let i = 0; i < 70; i++) detector.update(state, 10 + (i % 4), i % 7)
    const before = JSON.stringify(state)
    for (const gap of [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      t.same(detector.update(state, gap, 3), { z: null, sign: 0, expected: null, alert: false })
    t.equal(JSON.stringify(state), before)
  })

  t.test(`${name}: 48 values without a score, then 0 to 20 and never NaN`, async t => {
    fc.assert(
      fc.property(anySeries, fc.constantFrom(7, 24), (values, bins) =>
        verdicts(name, values, bins).every(({ z, expected, alert }, i) =>
          i < 48
            ? z === null && !alert
            : z !== null && z >= 0 && z <= 20 && expected !== null && !Number.isNaN(expected),
        ),
      ),
    )
    t.pass()
  })

  t.test(`${name}: two alerts are more than 24 values apart; a state that was kept goes on`, async t => {
    fc.assert(
      fc.property(anySeries, fc.nat(259), (values, keptAt) => {
        const found = verdicts(name, values)
        const alerts = found.flatMap(({ alert }, i) => (alert ? [i] : []))
        if (alerts.some((at, i) => i > 0 && at - alerts[i - 1]! <= 24)) return false
        return JSON.stringify(verdicts(name, values, 24, keptAt)) === JSON.stringify(found)
      }),
    )
    t.pass()
  })
}
