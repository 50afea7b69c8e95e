import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../../engine/clock/days.ts'
import { weekdayOf } from '../../../pipelines/anomaly/model/series-time.ts'
import { KEPT_DAYS } from '../../../pipelines/forecast/series/model.ts'
import { bandAt, elapsed, weekdaysOf } from '../../../pipelines/pacing/model/elapsed.ts'
import {
  daysOf,
  LOOKED_AT_DAYS,
  MOST_DAYS,
  type TargetRequest,
  targetOf,
} from '../../../pipelines/pacing/model/target.ts'

/** The document's. */
const spend: TargetRequest = {
  metric_type: 'SPEND',
  target_value_cents: 5_000_000,
  start_date: '2026-01-01',
  end_date: '2026-01-31',
  warning_threshold_pct: 80,
  critical_threshold_pct: 95,
}

t.test('a target as the document has it', async t => {
  const target = targetOf(spend)
  t.same([target.value, daysOf(target), target.warningPct, target.criticalPct], [5_000_000, 31, 80, 95])
  const roas = targetOf({
    metric_type: 'ROAS',
    target_value: 4,
    start_date: '2026-01-01',
    end_date: '2026-03-31',
  })
  t.same([roas.value, roas.warningPct, roas.criticalPct], [4, 95, 80])
})

t.test('a target that cannot be is refused with what to do', async t => {
  const refused = (change: Partial<TargetRequest>, why: RegExp) =>
    t.throws(() => targetOf({ ...spend, ...change }), { code: 'RECORD_INVALID', message: why })
  refused({ start_date: '2026-02-01' }, /start_date 2026-02-01 is after end_date 2026-01-31/)
  refused({ end_date: '2026-02-30' }, /end_date must be a day/)
  refused({ end_date: '9999-11-01' }, /end_date must be a day from 1970-01-01 to 2149-06-06/)
  refused({ end_date: '2027-01-02' }, /end_date 2027-01-02 is too far from .* at most 366 days, got 367/)
  refused({ start_date: '1969-12-31' }, /start_date must be a day from 1970-01-01/)
  refused({ metric_type: 'CLICKS' }, /metric_type must be one of SPEND/)
  refused({ target_value_cents: 0 }, /above 0/)
  refused({ target_value_cents: Number.NaN }, /above 0/)
  refused({ target_value_cents: 1.5 }, /whole number of minor units/)
  refused({ target_value_cents: null }, /SPEND needs target_value_cents/)
  refused({ target_value: 5 }, /SPEND has target_value_cents, not target_value/)
  refused({ metric_type: 'ROAS' }, /ROAS has target_value, not target_value_cents/)
  refused({ warning_threshold_pct: 96 }, /warning comes before/)
  refused({ metric_type: 'REVENUE' }, /warning is above the critical/)
  refused({ critical_threshold_pct: 0 }, /above 0/)
})

const target = targetOf(spend)
const EVEN = [1, 1, 1, 1, 1, 1, 1]

t.test('what has passed is weighed by weekdays', async t => {
  t.equal(elapsed(target, EVEN, '2025-12-31', 0.5), 0)
  t.equal(elapsed(target, EVEN, '2026-01-01', 0), 0)
  t.equal(elapsed(target, EVEN, '2026-01-16', 0.5), 15.5 / 31)
  t.equal(elapsed(target, EVEN, '2026-02-01', 0), 1)
  // Thursday 1 January: nine weekend days in January 2026.
  const workdays = [0, 1.4, 1.4, 1.4, 1.4, 1.4, 0]
  t.ok(Math.abs(elapsed(target, workdays, '2026-01-05', 0) - 2 / 22) < 1e-12)
  const weekend = targetOf({ ...spend, start_date: '2026-01-03', end_date: '2026-01-04' })
  t.equal(elapsed(weekend, workdays, '2026-01-04', 0), 0.5, 'a target of days that bring nothing')
})

t.test('a year is the longest target: its first day is still known when it is looked at last', async t => {
  const leap = targetOf({ ...spend, start_date: '2028-01-01', end_date: '2028-12-31' })
  t.equal(daysOf(leap), MOST_DAYS)
  const lastLook = addDays(leap.end, LOOKED_AT_DAYS - 1)
  t.ok(addDays(lastLook, 1 - KEPT_DAYS) <= leap.start)
})

t.test('what has passed of a long target is the sum of its days', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 7 }),
      fc.nat(365),
      fc.nat(365),
      (weights, a, b) => {
        const [done, last] = [Math.min(a, b), Math.max(a, b)]
        const year = targetOf({ ...spend, end_date: addDays('2026-01-01', last) })
        const of = (days: number) => {
          let sum = 0
          for (let i = 0; i < days; i++) sum += weights[weekdayOf(addDays('2026-01-01', i))]!
          return sum
        }
        const expected = of(last + 1) > 0 ? of(done) / of(last + 1) : done / (last + 1)
        return elapsed(year, weights, addDays('2026-01-01', done), 0) === expected
      },
    ),
  )
})

t.test('weekdays are those of eight weeks, even with fewer', async t => {
  // Ends on Sunday 2026-03-01, so it begins on a Monday.
  const days = Array.from({ length: 56 }, (_, i) => (i % 7 >= 5 ? 0 : 10))
  t.same(
    weekdaysOf(days, '2026-03-01').map(w => Math.round(w * 1e9) / 1e9),
    [0, 1.4, 1.4, 1.4, 1.4, 1.4, 0],
  )
  t.same(weekdaysOf(days.slice(1), '2026-03-01'), EVEN)
  t.same(
    weekdaysOf(
      days.map(() => 0),
      '2026-03-01',
    ),
    EVEN,
  )
})

t.test('the share that has passed never falls, and the band never widens', async () => {
  const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 7, maxLength: 7 })
  fc.assert(
    fc.property(
      weights,
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (w, day, share) => {
        const at = (d: number, part: number) =>
          elapsed(target, w, `2026-01-${String(d).padStart(2, '0')}`, part)
        const [before, now, next] = [at(day, 0), at(day, share), at(day + 1, 0)]
        return (
          before <= now + 1e-12 &&
          now <= next + 1e-12 &&
          next <= 1 + 1e-12 &&
          bandAt(now) >= bandAt(next) - 1e-12
        )
      },
    ),
  )
})

t.test('the band has its bounds', async t => {
  t.equal(bandAt(0), 0.25)
  t.equal(bandAt(0.1), 0.25)
  t.ok(Math.abs(bandAt(0.5) - 0.16) < 1e-12)
  t.equal(bandAt(1), 0.06)
})
