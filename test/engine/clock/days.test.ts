import t from 'tap'
import { addDays, dayIn, daysBetween, startOfDay, withOffset } from '../../../engine/clock/days.ts'

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
