import fc from 'fast-check'
import t from 'tap'
import { parseExact, stringifyExact } from '../../../connectors/singer/messages/exact-json.ts'
import { microsOf } from '../../../connectors/singer/messages/instant.ts'
import { memberOf } from '../../../connectors/singer/messages/json-members.ts'
import { Lines } from '../../../connectors/singer/messages/lines.ts'

const objects = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'record', '__x')), fc.jsonValue())

t.test('a member is what JSON.parse finds under its name, however it is spaced', async () => {
  fc.assert(
    fc.property(objects, fc.constantFrom(undefined, 1, '\t'), fc.string(), (object, space, other) => {
      const text = JSON.stringify(object, null, space)
      const parsed = JSON.parse(text) as Record<string, unknown>
      for (const name of [...Object.keys(object), other]) {
        const member = memberOf(text, name)
        if (!Object.hasOwn(parsed, name)) {
          if (member !== undefined) return false
        } else if (JSON.stringify(JSON.parse(member!)) !== JSON.stringify(parsed[name])) return false
      }
      return true
    }),
  )
})

t.test('a member is as it is written; of two the last counts', async t => {
  t.equal(memberOf('{"a":1.10,"b":2}', 'a'), '1.10')
  t.equal(memberOf('{"a": {"a": "}\\""} , "a" : [1e-9 ] }', 'a'), '[1e-9 ]')
  t.equal(memberOf('{"\\u0061": 3}', 'a'), '3')
  t.equal(memberOf('{"a\\\\":1}', 'a\\'), '1')
  t.equal(memberOf('{}', 'a'), undefined)
})

const numbers = fc.oneof(
  fc.bigInt().map(String),
  fc.tuple(fc.nat(), fc.stringMatching(/^\d{1,30}$/)).map(([a, b]) => `${a}.${b}`),
  fc.tuple(fc.integer(), fc.integer({ min: -400, max: 400 })).map(([a, b]) => `${a}e${b}`),
)

t.test('what is parsed and written exactly is as it was', async () => {
  fc.assert(
    fc.property(fc.array(numbers), fc.string(), (list, text) => {
      const json = `{"n":[${list.join(',')}],"s":${JSON.stringify(text)}}`
      return stringifyExact(parseExact(json)) === json
    }),
  )
})

t.test('lines are those of the text, wherever its chunks end', async () => {
  const piece = fc.oneof(fc.constantFrom('\n', '\n\n', ' ', 'é', '日'), fc.string())
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat({ max: 40 })), (pieces, cuts) => {
      const text = pieces.join('')
      const bytes = Buffer.from(text)
      const lines = new Lines(1000)
      const got: (string | null)[] = []
      let from = 0
      for (const cut of [...cuts, bytes.length]) {
        got.push(...lines.push(bytes.subarray(from, from + cut)).map(l => l.text))
        from += cut
      }
      got.push(...lines.end().map(l => l.text))
      const wanted = bytes.toString().split('\n')
      return JSON.stringify(got) === JSON.stringify(wanted.filter(line => line.trim() !== ''))
    }),
  )
})

t.test('a line that never ends is cut, and the next is read', async t => {
  const lines = new Lines(10)
  const got = ['x'.repeat(25), 'y'.repeat(25), '\n{}', '\n'].flatMap(part => lines.push(Buffer.from(part)))
  t.same(
    got.map(l => [l.text, l.fault, l.bytes?.toString() ?? null]),
    [
      [null, 'a line of 50 bytes is too long to be read', 'x'.repeat(10)],
      ['{}', null, null],
    ],
  )
})

t.test('times of every form that taps write', async t => {
  const at = Date.UTC(2026, 3, 15, 9, 30) * 1000
  t.equal(microsOf('2026-04-15T09:30:00Z'), at)
  t.equal(microsOf('2026-04-15T09:30:00.1Z'), at + 100_000)
  t.equal(microsOf('2026-04-15T09:30:00.123456789+00:00'), at + 123_456)
  t.equal(microsOf('2026-04-15 11:30:00+0200'), at)
  t.equal(microsOf('2026-04-15T09:30:00'), at)
  t.equal(microsOf('2026-13-15T09:30:00Z'), null)
  t.equal(microsOf('yesterday'), null)
})
