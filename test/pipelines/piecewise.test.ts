import t from 'tap'
import { piecewise } from '../../pipelines/piecewise.ts'

t.test('a curve goes through its points, in lines between, and is clamped outside', async t => {
  const curve = piecewise([
    [24, 100],
    [48, 0],
  ])
  t.strictSame(
    [-5, 0, 24, 30, 36, 42, 48, 49, Number.POSITIVE_INFINITY].map(curve),
    [100, 100, 100, 75, 50, 25, 0, 0, 0],
  )
  t.equal(curve(Number.NaN), 0, 'never NaN')
  t.equal(piecewise([[1, 7]])(3), 7)
})

t.test('points that are none of a curve are refused', async t => {
  t.throws(() => piecewise([]), RangeError)
  t.throws(
    () =>
      piecewise([
        [1, 1],
        [1, 2],
      ]),
    /does not rise/,
  )
  t.throws(() => piecewise([[Number.NaN, 1]]), /not finite/)
})
