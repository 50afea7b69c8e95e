import t from 'tap'
import {
  agoText,
  count,
  listed,
  money,
  quantity,
  scoreText,
  spanText,
  timeText,
} from '../../../../../pipelines/trust/model/explain/words.ts'
import { HOUR, NOW } from '../../policy.ts'

t.test('a score is cut, never rounded up to a threshold', async t => {
  t.same([69.96, 69.99999, 70, 37.5, 0].map(scoreText), ['69.9', '69.9', '70', '37.5', '0'])
})

t.test('times are in the zone of the account, in summer and in winter', async t => {
  const at = (iso: string, zone: string) => timeText(Date.parse(iso) * 1000, zone)
  t.equal(at('2026-01-14T09:00:00Z', 'UTC'), '2026-01-14 09:00')
  t.equal(at('2026-01-14T23:30:59Z', 'Europe/Berlin'), '2026-01-15 00:30')
  t.equal(at('2026-07-14T23:30:00Z', 'Europe/Berlin'), '2026-07-15 01:30')
  t.equal(at('2026-01-14T18:20:00Z', 'Asia/Kathmandu'), '2026-01-15 00:05')
  t.throws(() => at('2026-01-14T09:00:00Z', 'Mars/Olympus'), RangeError)
})

t.test('spans as people say them', async t => {
  t.same([0.01, 0.42, 1, 1.25, 39.2, 71, 72, 200].map(spanText), [
    ...['1 min', '25 min', '1 h', '1.3 h', '39 h', '71 h', '3 days', '8 days'],
  ])
  t.equal(agoText(NOW - 39 * HOUR, NOW, 'UTC'), '2026-01-14 09:00, 39 h ago')
})

t.test('numbers and lists', async t => {
  t.same([0.1834, 5.23, 39.4, 1234.5].map(quantity), ['0.18', '5.2', '39', '1,235'])
  t.same([count(1, 'day'), count(1200, 'event')], ['1 day', '1,200 events'])
  t.equal(money(1_350_000_000), '1,350.00')
  t.same([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed), ['', 'a', 'a and b', 'a, b and c'])
})
