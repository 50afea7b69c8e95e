import fc from 'fast-check'
import t from 'tap'
import { parseExact } from '../../../engine/store/exact.ts'

t.test('a whole number comes out with all its digits, as a number wherever a double holds it', async t => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), n => {
      const [row] = parseExact(`{"n":${n},"in":[{"n":${n}}]}\n`)
      const value = row!.n as number | string
      if (typeof value === 'number') return BigInt(value) === n
      return value === String(n) && !Number.isSafeInteger(Number(n))
    }),
  )
  t.same(
    parseExact('{"n":-44326957175521090}'),
    [{ n: '-44326957175521090' }],
    'written so, and another number',
  )
})

t.test('what a double holds stays a number, texts stay as they are', async t => {
  const line =
    '{"a":1.5,"b":1e+300,"c":0.000001,"d":-0.30000000000000004,"e":"12345678901234567890","f":"\\"9007199254740993","g":null,"h":true}'
  t.same(parseExact(`${line}\n`), [JSON.parse(line)])
  t.same(parseExact('{"k 12345678901234567890":1785888000000000}'), [
    { 'k 12345678901234567890': 1785888000000000 },
  ])
  t.same(parseExact('{"n":{"a":[9007199254740993,123456789012.123456]}}'), [
    { n: { a: ['9007199254740993', '123456789012.123456'] } },
  ])
  t.same(parseExact(''), [])
})

t.test('another format is not taken for rows', async t => {
  for (const text of ['1\n', '"a","b"\n', '{"meta":\n[]}', '[1]'])
    t.throws(() => parseExact(text), { code: 'USAGE', message: /leave FORMAT out/ })
})
