import t from 'tap'
import { eventsBetween } from '../../../connectors/shop/model/events.ts'
import { poisson, randomAt, weighted } from '../../../connectors/shop/model/random.ts'
import { reportsOf } from '../../../connectors/shop/model/reports.ts'
import { DAY, LONGEST, MINUTE, visitsOf } from '../../../connectors/shop/model/session.ts'

const MONDAY = Date.UTC(2026, 0, 12) * 1000
const traffic = { seed: 'plausible', sessionsPerDay: 400, extraPerMinute: 0, liveFrom: null }

t.test('each step of the funnel is taken by fewer than the one before', async t => {
  const events = eventsBetween(traffic, 'EUR', MONDAY, MONDAY + 7 * DAY)
  const count = (name: string) => events.filter(e => e.event_name === name).length
  const steps = [
    'session_start',
    'view_item',
    'add_to_cart',
    'begin_checkout',
    'add_shipping_info',
    'purchase',
  ]
  const counts = steps.map(count)
  t.strictSame(
    counts,
    [...counts].sort((a, b) => b - a),
    `${counts}`,
  )
  t.ok(counts.at(-1)! > 0)
  t.ok(count('first_visit') < count('session_start'))
  for (const e of events.filter(e => e.event_name === 'purchase')) {
    if (!(e.value_micros! > 0) || e.currency !== 'EUR' || e.transaction_id === null)
      return t.fail(`a purchase without value, currency or order: ${JSON.stringify(e)}`)
  }
})

t.test('no visit lasts longer than events are looked back for', async t => {
  let longest = 0
  for (let minute = MONDAY; minute < MONDAY + DAY; minute += MINUTE)
    for (const { startedAt, steps } of visitsOf({ ...traffic, sessionsPerDay: 20_000 }, minute)) {
      longest = Math.max(longest, steps.at(-1)!.at - startedAt)
      if (steps.some((step, i) => i > 0 && step.at < steps[i - 1]!.at)) t.fail('a step before the one before')
    }
  t.ok(longest > LONGEST / 3 && longest < LONGEST, `${longest / MINUTE} minutes`)
})

t.test('an hour of the night has fewer visits than one of the evening', async t => {
  const at = (hour: number) =>
    [0, 1, 2, 3, 4, 5, 6].reduce((n, day) => {
      const from = MONDAY + day * DAY + hour * 3_600_000_000
      return n + eventsBetween(traffic, 'EUR', from, from + 3_600_000_000).length
    }, 0)
  t.ok(at(3) * 2 < at(20), `${at(3)} at three, ${at(20)} at twenty`)
})

t.test(
  'reports are whole: clicks out of impressions, spend for clicks, Google alone in fractions',
  async t => {
    const rows = reportsOf(traffic, 'EUR', MONDAY, MONDAY + 2 * DAY, 0)
    t.ok(rows.some(r => r.spend_micros! > 0))
    let fractions = 0
    for (const r of rows) {
      if (r.clicks! > r.impressions! || r.clicks! < 0 || (r.clicks === 0) !== (r.spend_micros === 0))
        return t.fail(JSON.stringify(r))
      if (r.conversions_micros! % 1_000_000 !== 0) {
        fractions++
        if (r.platform !== 'google') return t.fail(`${r.platform} counts in fractions`)
      }
    }
    t.ok(fractions > 0)
  },
)

t.test(
  'the figures are those of a shop that lives: of thirty visitors one buys, a dollar of ads brings four',
  async t => {
    const month = MONDAY + 28 * DAY
    const events = eventsBetween(traffic, 'USD', MONDAY, month)
    const bought = events.filter(e => e.event_name === 'purchase')
    const visits = new Set(events.map(e => e.session_id)).size
    const revenue = bought.reduce((sum, e) => sum + e.value_micros!, 0)
    let spend = 0
    let claimed = 0
    for (let day = MONDAY; day < month; day += DAY)
      for (const r of reportsOf(traffic, 'USD', day, day + 7 * DAY, 2)) {
        spend += r.spend_micros!
        claimed += r.revenue_micros!
      }
    const between = (name: string, value: number, low: number, high: number) =>
      t.ok(value > low && value < high, `${name} ${value}`)
    between('purchases a visit', bought.length / visits, 0.02, 0.05)
    between('return on ad spend', revenue / spend, 3, 6)
    between('what platforms claim of the revenue', claimed / revenue, 0.5, 0.9)
    between('events a visit', events.length / visits, 4, 6)
  },
)

t.test('draws have the distribution they are named after', async t => {
  const random = randomAt('distribution')
  const draws = Array.from({ length: 20_000 }, () => poisson(random, 3))
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length
  // Five standard errors.
  t.ok(Math.abs(mean - 3) < 0.062 && Math.abs(variance - 3) < 0.17, `mean ${mean}, variance ${variance}`)
  const heads = Array.from(
    { length: 20_000 },
    () =>
      weighted(random, [
        { weight: 1, n: 0 },
        { weight: 3, n: 1 },
      ]).n,
  )
  const share = heads.reduce((a, b) => a + b, 0) / heads.length
  t.ok(Math.abs(share - 0.75) < 0.0155, `${share}`)
  t.strictSame(Array.from({ length: 3 }, randomAt('a', 1)), Array.from({ length: 3 }, randomAt('a', 1)))
})
