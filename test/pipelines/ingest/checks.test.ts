import fc from 'fast-check'
import t from 'tap'
import { dateRefusal, EARLIEST, timeRefusal } from '../../../pipelines/ingest/checks.ts'

const DAY = 86_400_000_000
const READ = Date.UTC(2026, 0, 15, 12) * 1000

t.test('an instant may be from 2000 on, and a day ahead of its reading', async t => {
  t.equal(timeRefusal('event_time', EARLIEST, READ), null)
  t.equal(
    timeRefusal('event_time', EARLIEST - 1, READ),
    'event_time 1999-12-31T23:59:59.999Z is before 2000-01-01',
  )
  t.equal(timeRefusal('event_time', READ + DAY, READ), null)
  t.equal(
    timeRefusal('event_time', READ + DAY + 1000, READ),
    'event_time 2026-01-16T12:00:00.001Z is in the future (it was read at 2026-01-15T12:00:00.000Z)',
  )
  t.match(timeRefusal('as_of', Number.MAX_SAFE_INTEGER, READ), /^as_of .* is in the future/)
  t.match(timeRefusal('as_of', -Number.MAX_SAFE_INTEGER, READ), /^as_of .* is before 2000/)
})

t.test('a day is one of the calendar', async t => {
  for (const day of ['2000-01-01', '2024-02-29', '2026-01-15', '2026-01-16'])
    t.equal(dateRefusal('date', day, READ), null, day)
  for (const day of ['2026-02-29', '2026-13-01', '2026-1-5', '20260105', '', 'today', '2026-01-05T00:00:00Z'])
    t.match(dateRefusal('date', day, READ), /is not a day \(YYYY-MM-DD\)$/, day)
  t.match(dateRefusal('date', '1999-12-31', READ), /before 2000/)
  t.match(dateRefusal('date', '2026-01-17', READ), /in the future/)
})

t.test('a message quotes no more than a little of what was there', async t => {
  t.ok(dateRefusal('date', 'x'.repeat(1_000_000), READ)!.length < 100)
})

t.test('every day between has an answer, the same one when it is asked again', async () => {
  const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(days, date => {
      const day = date.toISOString().slice(0, 10)
      const refused = day < '2000-01-01' || day > '2026-01-16'
      return (
        (dateRefusal('date', day, READ) !== null) === refused &&
        (dateRefusal('date', day, READ) !== null) === refused
      )
    }),
  )
})

t.test(
  'what is older than rows are kept vanished without a word: it is refused, with the setting',
  async t => {
    const old = dateRefusal('date', '2016-01-14', READ, 10)
    t.equal(
      old,
      'date 2016-01-14T00:00:00.000Z is older than the 10 years rows are kept (warehouse.retentionYears)',
    )
    t.equal(dateRefusal('date', '2016-01-16', READ, 10), null)
    t.match(timeRefusal('event_time', READ - 3654 * DAY, READ, 10), /older than the 10 years/)
    t.equal(timeRefusal('event_time', READ - 3649 * DAY, READ, 10), null)
    t.match(dateRefusal('date', '1999-12-31', READ, 50), /before 2000/)
  },
)
