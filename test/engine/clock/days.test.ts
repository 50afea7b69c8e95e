import t from 'tap'
import {
  addDays,
  dayIn,
  daysBetween,
  hourIn,
  isDay,
  startOfDay,
  timeIn,
  withOffset,
} from '../../../engine/clock/days.ts'

const micros = (iso: string) => Date.parse(iso) * 1000

t.test('a day is the account’s, whatever its clocks do', async t => {
  t.equal(dayIn('Asia/Tokyo', micros('2026-03-28T15:00:00Z')), '2026-03-29')
  t.equal(dayIn('America/Los_Angeles', micros('2026-03-28T06:59:59Z')), '2026-03-27')
  // Clocks go forward in Berlin on 2026-03-29 and back on 2026-10-25.
  t.equal(startOfDay('2026-03-29', 'Europe/Berlin'), micros('2026-03-28T23:00:00Z'))
  t.equal(startOfDay('2026-03-30', 'Europe/Berlin'), micros('2026-03-29T22:00:00Z'))
  t.equal(startOfDay('2026-10-26', 'Europe/Berlin'), micros('2026-10-25T23:00:00Z'))
  // In Beirut the clocks skip midnight.
  t.equal(startOfDay('2026-03-29', 'Asia/Beirut'), micros('2026-03-28T22:00:00Z'))
  t.equal(withOffset(startOfDay('2026-03-29', 'Europe/Berlin'), 'Europe/Berlin'), '2026-03-29T00:00:00+01:00')
  t.equal(withOffset(startOfDay('2026-07-01', 'Asia/Kolkata'), 'Asia/Kolkata'), '2026-07-01T00:00:00+05:30')
  t.throws(() => dayIn('Mars/Base', 0), RangeError)
})

t.test('days are counted over ends of months and leap years', async t => {
  t.equal(addDays('2024-02-28', 1), '2024-02-29')
  t.equal(addDays('2026-03-01', -1), '2026-02-28')
  t.equal(daysBetween('2023-12-31', '2025-01-01'), 367)
  t.equal(daysBetween('2026-03-31', '2026-03-01'), -30)
})

t.test('hours are those that clocks show, when they are put forward and back', async t => {
  const hours = (from: string, n: number) =>
    Array.from({ length: n }, (_, i) => hourIn('Europe/Berlin', micros(from) + i * 3_600_000_000))
  t.same(hours('2026-03-29T00:00:00Z', 3), [1, 3, 4])
  t.same(hours('2026-10-25T00:00:00Z', 3), [2, 2, 3])
  t.equal(hourIn('Europe/Berlin', micros('2026-03-29T13:00:00Z')), 15, 'the hour of the 14th of that day')
  t.equal(hourIn('Asia/Kolkata', micros('2026-01-01T20:00:00Z')), 1)
})

t.test('a time of the clocks is found, also one that they skip or show twice', async t => {
  const berlin = (local: string, since?: string) =>
    timeIn('Europe/Berlin', local, since === undefined ? undefined : micros(since))
  t.equal(berlin('2026-03-29T15:00:00'), micros('2026-03-29T13:00:00Z'))
  t.equal(berlin('2026-03-29T02:30:00'), micros('2026-03-29T01:30:00Z'), 'skipped')
  t.equal(berlin('2026-10-25T02:30:00'), micros('2026-10-25T00:30:00Z'))
  t.equal(berlin('2026-10-25T02:30:00', '2026-10-25T00:45:00Z'), micros('2026-10-25T01:30:00Z'), 'the second')
  t.equal(
    berlin('2026-10-25T04:30:00', '2027-01-01T00:00:00Z'),
    micros('2026-10-25T03:30:00Z'),
    'there is one',
  )
  t.throws(() => berlin('2026-02-30T00:00:00'), RangeError)
  t.throws(() => timeIn('Mars/Base', '2026-02-03T00:00:00'), RangeError)
})

t.test('a day that there is not is none', async t => {
  for (const day of ['2026-02-28', '2028-02-29', '2026-12-31']) t.ok(isDay(day), day)
  for (const day of ['2026-02-30', '2027-02-29', '2026-04-31', '2026-13-01', '2026-1-1', '2026-01-01T00', ''])
    t.notOk(isDay(day), day)
})
