import t from 'tap'
import { email, flag, made, money, needed, phone, RowError, text, time } from '../../../plugins/rows/index.ts'

t.test('times with any offset, a date alone, epoch milliseconds; to the microsecond', async t => {
  const noon = Date.UTC(2022, 0, 2, 12) * 1000
  for (const [value, micros] of [
    ['2022-01-02T12:00:00Z', noon],
    ['2022-01-02T12:00:00.000+0000', noon],
    ['2022-01-02T13:30:00.000+01:30', noon],
    ['2022-01-02T12:00:00.123456Z', noon + 123_456],
    ['2022-01-02', noon - 43_200_000_000],
    [String(noon / 1000), noon],
    [noon / 1000, noon],
  ] as const)
    t.equal(time({ at: value }, 'at'), micros, String(value))
  for (const value of ['2022-01-02T12:00:00', '2022-13-02', '02/01/2022', 'today', '12', true])
    t.throws(() => time({ at: value }, 'at'), { name: 'RowError', message: 'at is no time' }, String(value))
  t.equal(time({ at: '' }, 'at'), null)
})

t.test('texts, flags and amounts; what is none is an error that names the field', async t => {
  t.equal(text({ a: 0 }, 'a'), '0')
  t.equal(text({}, 'a'), null)
  t.throws(() => text({ a: [1] }, 'a'), { message: 'a is a list, not text' })
  t.equal(flag({ a: 'TRUE' }, 'a'), true)
  t.equal(flag({ a: false }, 'a'), false)
  t.throws(() => flag({ a: 'yes' }, 'a'), RowError)
  t.equal(money({ a: '3.00E+07' }, 'a', 'USD'), 30_000_000_000_000)
  t.throws(() => money({ a: '1' }, 'a', null), { message: /no currency/ })
  t.throws(() => needed(null, 'id'), { message: 'id is missing' })
})

t.test('addresses and numbers as they are compared', async t => {
  t.equal(email({ e: ' A.B@C.example\n' }, 'e'), 'a.b@c.example')
  t.equal(email({ e: 'none given' }, 'e'), null)
  for (const [value, wanted] of [
    ['+49 (0)30 123456', '+4930123456'],
    ['0049 30 123456', '+4930123456'],
    ['(650) 555-1212 x 44', '6505551212'],
    ['n/a', null],
    ['+1 234 567 890 123 456 789', null],
  ] as const)
    t.equal(phone({ p: value }, 'p'), wanted, value)
})

t.test('a row that cannot become a record is handed back with its bytes, and without the person', async t => {
  const rows = [
    { id: '1', properties: { email: 'a@b.example', n: '1', note: 'write to a@b.example' } },
    { id: '2', properties: { email: 'c@d.example', n: {}, note: 'write to c@d.example' } },
  ]
  const { records, rejected } = made(rows, row => text(row.properties, 'n'), {
    origin: row => `row ${row.id}`,
    personal: ['email'],
  })
  t.same(records, ['1'])
  t.same(
    rejected.map(r => ({ ...r, bytes: r.bytes!.toString() })),
    [
      {
        reason: 'row 2: n is an object, not text',
        origin: 'row 2',
        bytes: '{"id":"2","properties":{"email":"(redacted)","n":{},"note":"write to (redacted)"}}',
      },
    ],
  )
  t.throws(() => made([1], () => JSON.parse('{'), { origin: String }), SyntaxError, 'a bug is no bad row')
})
