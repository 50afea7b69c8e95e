import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../../../engine/clock/days.ts'
import type { Measures } from '../../../../pipelines/ad-metrics/model.ts'
import {
  addPurchases,
  KEPT_DAYS,
  noDays,
  periodTo,
  restateDay,
} from '../../../../pipelines/signals/model/days.ts'
import { addWait, begin, forgetBefore, longWait, noWaits } from '../../../../pipelines/signals/model/waits.ts'

const DAY = '2026-01-15'
const said = (more: Partial<Measures> = {}): Measures => ({
  impressions: 1,
  clicks: 1,
  spend_micros: 5_000_000,
  revenue_micros: 20_000_000,
  conversions_micros: 1_500_000,
  reach: null,
  currency: 'EUR',
  settled: false,
  ...more,
})

t.test('restated figures take the place of those before, whatever becomes known or unknown', async t => {
  const amount = fc.option(fc.integer({ min: 0, max: 9_000_000 }))
  const one = fc.record({ ad: fc.nat(3), spend: amount, conversions: amount, revenue: amount })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 30 }), reports => {
      const days = noDays()
      const last = new Map<number, Measures>()
      for (const { ad, spend, conversions, revenue } of reports) {
        const after = said({ spend_micros: spend, conversions_micros: conversions, revenue_micros: revenue })
        restateDay(days, DAY, last.get(ad) ?? null, after)
        last.set(ad, after)
      }
      const sum = (of: (m: Measures) => number | null) => {
        const known = [...last.values()].map(of).filter(x => x !== null)
        return known.length === 0 ? null : known.reduce((a, b) => a + b, 0)
      }
      const { spend, conversions, revenue } = periodTo(days, DAY, 7)
      const wanted = sum(m => m.conversions_micros)
      return (
        spend === (last.size === 0 ? null : (sum(m => m.spend_micros) ?? 0)) &&
        conversions === (wanted === null ? null : wanted / 1e6) &&
        revenue === sum(m => m.revenue_micros)
      )
    }),
  )
  t.pass()
})

t.test('amounts of several currencies are not added, nor held against another one', async t => {
  const mixed = noDays()
  restateDay(mixed, DAY, null, said())
  restateDay(mixed, DAY, null, said({ currency: 'USD' }))
  t.match(periodTo(mixed, DAY, 1), { spend: null, revenue: null, conversions: 3 })
  const other = noDays()
  restateDay(other, DAY, null, said())
  addPurchases(other, DAY, 'USD', 1, 20_000_000)
  t.match(periodTo(other, DAY, 1), { spend: 5_000_000, revenue: null, purchases: 1 })
})

t.test('a quarter is kept, and what is older is refused', async t => {
  const days = noDays()
  restateDay(days, DAY, null, said())
  t.equal(restateDay(days, addDays(DAY, -KEPT_DAYS), null, said()), false)
  t.equal(restateDay(days, addDays(DAY, 1 - KEPT_DAYS), null, said()), true)
  restateDay(days, addDays(DAY, KEPT_DAYS), null, said())
  t.equal(Object.keys(days.days).length, 1)
})

t.test('the wait that is usual is that of the hour of the week, and else the longest', async t => {
  const HOUR = 3_600_000_000
  const waits = noWaits()
  t.equal(longWait(waits, 1000 * HOUR), null)
  addWait(waits, 1000, 20)
  addWait(waits, 1000, 15)
  addWait(waits, 1001, 90)
  t.equal(longWait(waits, (1000 + 168) * HOUR), 20 * 60_000_000, 'a week later at the same hour')
  t.equal(longWait(waits, (1003 + 168) * HOUR), 90 * 60_000_000, 'nothing ever came at this hour')
  forgetBefore(waits, (1001 + 4 * 168) * HOUR)
  t.same(waits.byHour, { 1001: 90 })
})

t.test('a history that comes at once begins where its first wait ended, not where it ends', async t => {
  const HOUR = 3_600_000_000
  const once = noWaits()
  for (const hour of [1000, 1400, 2000]) addWait(once, hour, 20)
  begin(once, 2000.5 * HOUR)
  t.equal(once.since, 1001 * HOUR)
  const single = noWaits()
  begin(single, 1000.5 * HOUR)
  addWait(single, 1000, 10)
  t.equal(single.since, 1000.5 * HOUR, 'the first conversion of all, which ended no wait')
})
