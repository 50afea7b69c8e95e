import fc from 'fast-check'
import t from 'tap'
import { parseSchedule } from '../../../engine/connect/schedule.ts'

const micros = (iso: string) => Date.parse(iso) * 1000
const MINUTE = 60_000_000

t.test('every so often, at a time of its own that a restart does not move', async t => {
  fc.assert(
    fc.property(
      fc.constantFrom('every 10s', 'every 15m', 'every 6h', 'every 1d'),
      fc.string(),
      fc.integer({ min: 1, max: 2e9 }),
      (text, name, seconds) => {
        const schedule = parseSchedule(text, 'UTC', name)
        const now = seconds * 1_000_000
        const first = schedule.after(now)!
        t.ok(first > now)
        const second = schedule.after(first)!
        t.equal(schedule.after(first - 1), first)
        t.equal(parseSchedule(text, 'UTC', name).after(now), first)
        const between = second - first
        t.ok(first - now <= between)
        t.equal(between, { s: 10, m: 900, h: 21_600, d: 86_400 }[text.at(-1) as 's']! * 1_000_000)
      },
    ),
    { numRuns: 60 },
  )
  const starts = ['a', 'b', 'c', 'd'].map(n => parseSchedule('every 1d', 'UTC', n).after(0))
  t.equal(new Set(starts).size, 4, 'not all at midnight')
})

t.test('a cron expression is of its zone, through a change of clocks', async t => {
  const schedule = parseSchedule('30 6 * * *', 'Europe/Berlin', 'a')
  const winter = schedule.after(micros('2026-03-28T00:00:00Z'))!
  const summer = schedule.after(micros('2026-03-30T00:00:00Z'))!
  const jitter = winter - micros('2026-03-28T05:30:00Z')
  t.ok(jitter >= 0 && jitter <= 5 * MINUTE)
  t.equal(summer - micros('2026-03-30T04:30:00Z'), jitter)
  t.ok(schedule.after(winter)! > winter)
})

t.test('only when it is asked for', async t => {
  t.equal(parseSchedule('manual', 'UTC', 'a').after(0), null)
})

t.test('what is no schedule is told with what is one', async t => {
  for (const text of ['every 5s', 'every', 'now and then', '* * *', '0 0 31 2 *', ''])
    t.throws(() => parseSchedule(text, 'UTC', 'a'), { code: 'CONFIG_INVALID', message: /every 15m/ }, text)
  t.throws(() => parseSchedule('5 6 * * *', 'Mars/Base', 'a'), { code: 'CONFIG_INVALID' })
})
