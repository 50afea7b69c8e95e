import fc from 'fast-check'
import t from 'tap'
import { depersonaliserOf } from '../../../connectors/singer/messages/personal.ts'

const plain = depersonaliserOf([])

t.test('addresses and telephones are left out, all else stays as it is written', async t => {
  const cases: [string, string][] = [
    ['{"id": 1.10, "note": "ok"}', '{"id": 1.10, "note": "ok"}'],
    ['{"a":"to bob@example.org, now"}', '{"a":"to (redacted), now"}'],
    ['{"a":"hi\\nbob@example.org"}', '{"a":"hi\\n(redacted)"}'],
    ['{"a":"bob\\u0040example.org"}', '{"a":"(redacted)"}'],
    ['{"phone":"+49 170 1234567","n":1e2}', '{"phone":"(redacted)","n":1e2}'],
    ['{"phone": 491701234567, "tel": null}', '{"phone": "(redacted)", "tel": null}'],
    ['{"email_sent":true,"mobile":true}', '{"email_sent":true,"mobile":true}'],
    ['{"email":["a@b.org","none"]}', '{"email":["(redacted)","(redacted)"]}'],
    ['{"by":{"bob@example.org":1.0}}', '{"by":{"(redacted)":1.0}}'],
  ]
  for (const [record, wanted] of cases) t.equal(plain(record), wanted)
})

t.test('named fields are left out at any depth, whatever they hold', async t => {
  const named = depersonaliserOf(['Name', 'größe', 'home'])
  t.equal(named('{"name":"Bob","x":{"NAME":7}}'), '{"name":"(redacted)","x":{"NAME":"(redacted)"}}')
  t.equal(named('{"home":{"a":[1,{"b":2}]},"c":3.0}'), '{"home":"(redacted)","c":3.0}')
  t.equal(named('{"name":[{"a":1},2],"c":3}'), '{"name":"(redacted)","c":3}')
  t.equal(
    named('{"gr\\u00f6\\u00dfe":180,"nickname":"b"}'),
    '{"gr\\u00f6\\u00dfe":"(redacted)","nickname":"b"}',
  )
  t.equal(named('{"name":null}'), '{"name":null}')
})

t.test('valid JSON stays valid', async () => {
  const names = fc.constantFrom('phone', 'email', 'name', 'x', 'tel', 'a@b.org')
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\n"bob@example.org"',
      'tel:+491701234567',
      '?phone=123456789&a',
      '\\a@b.de',
      491701234567,
    ),
    fc.jsonValue(),
  )
  const deep = fc.dictionary(names, fc.oneof(values, fc.array(values), fc.dictionary(names, values)))
  const named = depersonaliserOf(['name'])
  fc.assert(
    fc.property(deep, fc.constantFrom(undefined, 1), (record, space) => {
      const text = named(JSON.stringify(record, null, space))
      JSON.parse(text)
      return !text.includes('bob@example.org')
    }),
    { numRuns: 500 },
  )
})
