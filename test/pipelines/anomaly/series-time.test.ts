import t from 'tap'
import { binningOf, timeOf } from '../../../pipelines/anomaly/model/series-time.ts'

const micros = (iso: string) => Date.parse(iso) * 1000
const at = (text: string, zone = 'UTC') => timeOf(text, zone)

t.test('times as people write them', async t => {
  const noon = micros('2026-01-15T12:00:00Z')
  for (const text of [
    '2026-01-15 12:00',
    '2026-01-15 12:00:00',
    ' 2026-01-15T12:00:00 ',
    '2026-01-15T12:00:00Z',
    '2026-01-15t12:00:00z',
    '2026-01-15 12:00:00 UTC',
    '2026-01-15T12:00:00.000Z',
    '2026-01-15T13:00:00+01:00',
    '2026-01-15 06:30:00-0530',
    '2026-01-15 14:00:00+02',
  ])
    t.equal(at(text), noon, text)
  t.equal(at('2026-01-15'), micros('2026-01-15T00:00:00Z'))
  t.equal(at('2026-01-15 12:00:00.25'), noon + 250_000)
  t.equal(at('2026-01-15 12:00', 'America/New_York'), micros('2026-01-15T17:00:00Z'))
  t.equal(at('2026-01-15T12:00:00Z', 'America/New_York'), noon, 'it says its own')
  t.equal(at('2026-01-15', 'Asia/Tokyo'), micros('2026-01-14T15:00:00Z'))
})

t.test('what is no time is none', async t => {
  for (const text of [
    ...['', 'yesterday', '15.01.2026', '2026-1-5', '2026-02-30', '2026-13-01', '2026-01-15 24:00'],
    ...['2026-01-15 12:60', '2026-01-15 12', '2026-01-15 12:00:00 CET', '1768478400', '2026-01-15Z'],
  ])
    t.equal(at(text), null, text)
})

t.test('series of hours and minutes have bins by hour, series of days by weekday', async t => {
  const every = (minutes: number, n: number, from = '2026-03-27T23:00:00Z') =>
    Array.from({ length: n }, (_, i) => micros(from) + i * minutes * 60_000_000)
  const hourly = binningOf(every(60, 60), 'Europe/Berlin')
  t.equal(hourly.bins, 24)
  t.same(every(60, 30).map(hourly.binOf).slice(22), [22, 23, 0, 1, 3, 4, 5, 6], 'clocks are put forward')
  const five = binningOf(every(5, 30), 'UTC')
  t.equal(five.bins, 24)
  t.same(every(5, 14).map(five.binOf), [...new Array(12).fill(23), 0, 0])

  // Days of 24 and of 23 hours, and one that is missing.
  const days = ['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-04-01']
  const times = days.map(day => at(day, 'Europe/Berlin')!)
  const daily = binningOf(times, 'Europe/Berlin')
  t.equal(daily.bins, 7)
  t.same(times.map(daily.binOf), [5, 6, 0, 1, 3], 'Friday to Wednesday')
  t.equal(binningOf([], 'UTC').bins, 24, 'nothing is known of one row')
})

t.test('an hour that clocks show twice goes on in a file', async t => {
  let last = Number.NEGATIVE_INFINITY
  const texts = [
    '2026-10-25 02:00',
    '2026-10-25 02:30',
    '2026-10-25 02:00',
    '2026-10-25 02:30',
    '2026-10-25 03:00',
  ]
  const steps = texts.map(text => {
    const before = last
    last = timeOf(text, 'Europe/Berlin', before)!
    return last - before
  })
  t.same(steps.slice(1), new Array(4).fill(30 * 60_000_000))
})
