import fc from 'fast-check'
import t from 'tap'
import { canonical } from '../../engine/canonical.ts'

t.test('the example of RFC 8785, 3.2.2 and 3.2.3', async t => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)
  t.equal(
    canonical(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1F600}': 5, '\u0080': 6, '\u00f6': 7 }
  t.equal(
    canonical(names),
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1F600}":5,"\ufb33":3}',
    'by UTF-16 units',
  )
})

t.test('what JSON cannot hold is refused, not dropped', async t => {
  for (const odd of [undefined, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', '\udc00a', 1n, () => 1])
    t.throws(() => canonical({ a: [odd] }), RangeError)
})

t.test('the order of names changes nothing, and it is read back as it was', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonical(value)
      const turned = (inner: unknown): unknown =>
        Array.isArray(inner)
          ? inner.map(turned)
          : inner !== null && typeof inner === 'object'
            ? Object.fromEntries(
                Object.entries(inner)
                  .reverse()
                  .map(([k, v]) => [k, turned(v)]),
              )
            : inner
      return canonical(turned(value)) === text && canonical(JSON.parse(text)) === text
    }),
  )
})
