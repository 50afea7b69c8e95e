import fc from 'fast-check'
import { pack, unpack } from 'msgpackr'
import t from 'tap'
import { recordDetector } from '../../../pipelines/anomaly/model/record.ts'

const detector = recordDetector()
type Value = number | null

/** Scores of a series of hours that begins at midnight. */
function scores(values: readonly Value[], restoredAt: readonly number[] = []): (number | null)[] {
  let state = detector.empty(24)
  return values.map((x, i) => {
    if (restoredAt.includes(i)) state = unpack(pack(state)) as typeof state
    return detector.update(state, x, i % 24).z
  })
}

const series = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i))

/** The golden sequences of statistics.md §1: values, the first score that is given, and the scores. */
const GOLDEN: readonly (readonly [string, readonly Value[], number, readonly Value[]])[] = [
  ['a constant', [...series(60, () => 10), 30, 10], 48, [...series(12, () => 0), 20, 20]],
  [
    'a daily cycle that stops',
    [...series(90, i => 100 + 50 * Math.sin((i * Math.PI) / 12) + ((7 * i) % 11)), 0, 0, 0],
    83,
    [0.103562, 0.09491, 0.078821, 0.148968, 0.619255, 1.391698, 1.164875, 14.334976, 2.947204, 2.840048],
  ],
  [
    'a level that doubles',
    [...series(72, i => 20 + ((5 * i) % 7)), ...series(8, i => 2 * (20 + ((5 * (i + 72)) % 7)))],
    70,
    [2.806364, 0.189382, 20, 20, 15.556023, 8.22792, 5.662004, 4.129378, 5.281751, 4.704731],
  ],
  [
    'counts that are mostly nothing',
    [...series(60, i => ((3 * i * i + i) % 4 === 0 ? 1 : 0) + ((5 * i) % 3 === 0 ? 1 : 0)), 9, 0],
    52,
    [2.311963, 2.482563, 2.648789, 1.845771, 1.486202, 2.846627, 1.244483, 0.784188, 20, 0.503431],
  ],
  [
    'gaps',
    [...series(50, i => 5 + 0.5 * (i % 5)), null, Number.NaN, 12, -3],
    48,
    [0.163868, 1.515515, null, null, 20, 20],
  ],
]

t.test('the golden sequences', async t => {
  for (const [what, values, from, wanted] of GOLDEN) {
    const got = scores(values)
    t.ok(
      got.slice(0, 48).every(z => z === null),
      `${what}: warming up`,
    )
    for (const [i, z] of wanted.entries()) {
      const at = got[from + i]!
      if (z === null) t.equal(at, null, `${what} ${from + i}`)
      else t.ok(Math.abs(at - z) < 1e-6, `${what} ${from + i}: ${at}, wanted ${z}`)
    }
  }
})

const anySeries = fc.array(
  // Under 1e-12 in size a value has no scale.
  fc.oneof(
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    fc.integer({ min: 0, max: 3 }),
    fc.constant(null),
  ),
  { minLength: 50, maxLength: 200 },
)

t.test('a unit changes no score, and a state that was kept goes on as it was', async t => {
  fc.assert(
    fc.property(anySeries, fc.constantFrom(0.5, 4, 1024), fc.nat(199), (values, unit, at) => {
      const plain = scores(values)
      const scaled = scores(values.map(x => (x === null ? null : x * unit)))
      for (const [i, z] of plain.entries()) {
        if (z === null) {
          if (scaled[i] !== null) return false
        } else if (Math.abs(z - scaled[i]!) > 1e-6 * Math.max(1, z)) return false
      }
      return JSON.stringify(scores(values, [at])) === JSON.stringify(plain)
    }),
    { numRuns: 200 },
  )
  t.pass()
})

t.test('one alert in 24 values', async t => {
  const state = detector.empty(24)
  const values = [...series(60, i => 10 + (i % 3)), ...series(40, i => 100 * 2 ** i)]
  const alerts = values.flatMap((x, i) => (detector.update(state, x, i % 24).alert ? [i] : []))
  t.ok(alerts.length >= 1)
  for (let i = 1; i < alerts.length; i++) t.ok(alerts[i]! - alerts[i - 1]! > 24)
})

t.test('what is above says so, what is below too, with what was expected', async t => {
  const after = (x: number) => {
    const state = detector.empty(24)
    for (let i = 0; i < 96; i++) detector.update(state, 100 + (i % 5), i % 24)
    return detector.update(state, x, 0)
  }
  t.match(after(400), { sign: 1, alert: true })
  t.match(after(0), { sign: -1, alert: true })
  const { expected } = after(101)
  t.ok(expected! > 95 && expected! < 110, String(expected))
})
