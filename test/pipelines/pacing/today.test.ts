import t from 'tap'
import { dayInUtc } from '../../../engine/clock/days.ts'
import { OF_TENANT } from '../../../pipelines/forecast/scope.ts'
import { noSeries, type Series, takeDay } from '../../../pipelines/forecast/series/model.ts'
import { type PacingAlert, type PacingRow, pacingAlertKind } from '../../../pipelines/pacing/kinds.ts'
import { type Target, targetOf } from '../../../pipelines/pacing/model/target.ts'
import { observe, type Seen } from '../../../pipelines/pacing/observe.ts'
import { told } from '../facts.ts'
import type { Told } from '../row.ts'
import { dates, startOf } from '../signals/shop.ts'
import { DAY, each, HOUR, paced, rows, said, spendOf } from './shop.ts'

/** Read at half past every hour, looked at at the hour; `spent`: units of a day up to a time of it. */
function* hourly(from: number, to: number, spent: (date: string, at: number) => number): Generator<Told> {
  for (let at = from; at < to; at += HOUR) {
    yield told.tick(at)
    const read = at + HOUR / 2
    for (const date of dates(dayInUtc(read - DAY), 2)) yield said({ date, spend: spent(date, read) }, read)
    yield told.tick(read)
  }
}

/** 100 a day, and 2,500 on the 11th by half past nine. */
const jumping = (date: string, at: number): number => {
  const into = at - startOf(date)
  return date === '2026-03-11' && into >= 9.5 * HOUR ? 2_500 : 100 * Math.min(1, into / DAY)
}

/** A budget of 3,100 in March, up to the morning of the 12th. */
const row = await paced(spendOf(310_000))
const ten = startOf('2026-03-11') + 10 * HOUR
row.feed(...each('2026-03-01', 10), ...hourly(ten - HOUR, startOf('2026-03-12') + 6 * HOUR, jumping))
const since = rows(row).filter(one => one.event_time >= ten)
const alertsOf = (type: string): PacingAlert[] =>
  row.of<PacingAlert>(pacingAlertKind).filter(one => one.type === type)
const at = (time: number): PacingRow => since.find(one => one.event_time === time)!

t.test(
  'at midnight, while nothing is known of the new day, spend went back to the day before and its alert was cleared',
  async t => {
    t.match(at(startOf('2026-03-12')), { date: '2026-03-12', actual: 350_000 })
    for (const [i, one] of since.entries()) {
      t.equal(one.status, 'MISSED', `${one.date} ${one.revision}`)
      if (i > 0) t.ok(one.actual! >= since[i - 1]!.actual! && one.elapsed >= since[i - 1]!.elapsed)
    }
    const over = alertsOf('OVERPACING_SPEND')
    t.equal(new Set(over.map(one => one.alert_id)).size, 1)
    t.equal(over.at(-1)!.cleared_by, null)
  },
)

t.test(
  'a budget that was used up at ten was told a day late: what was spent today did not count',
  async t => {
    t.match(alertsOf('BUDGET_EXHAUSTION'), [
      { severity: 'critical', opened_at: ten + 6 * HOUR, cleared_at: null, revision: 1 },
    ])
  },
)

t.test(
  'a day that was 25 times what was forecast took the forecast of the 20 days after it away',
  async t => {
    const { attainment, lower, upper, projected } = at(ten)
    t.ok(Math.abs(attainment! - 5_500 / 3_100) < 0.02, `${attainment}`)
    t.ok(lower! <= attainment! && attainment! <= upper! && lower! >= 3_500 / 3_100, `${lower} ${upper}`)
    t.equal(projected, attainment! * 310_000)
    t.match(alertsOf('OVERPACING_SPEND')[0], { severity: 'critical', opened_at: ten + 6 * HOUR })
  },
)

const base = { tenant_id: 'demo', event_id: 'e', event_time: 0, ingest_time: 0, scope: OF_TENANT }
const seenAt = (target: Target, series: Series, now: string): Seen =>
  observe({ id: 'x', scope: OF_TENANT, target }, { ...base, series, pasts: {} }, Date.parse(now) * 1_000)

t.test(
  'a day on which clocks change was divided by 24 hours: half an hour before its end it was over',
  async t => {
    const elapsedAt = (before: string, today: string, now: string) => {
      const series = { ...noSeries(), closed: { ads: before } }
      const change = { ...base, source: 'meta', told: before, at: 1, zone: 'Europe/Berlin', currency: 'EUR' }
      for (const date of [before, today]) takeDay(series, { ...change, date, changes: [1e6], isNew: true })
      const target = targetOf({ ...spendOf(200), start_date: before, end_date: today })
      return seenAt(target, series, now).observed.e
    }
    t.equal(elapsedAt('2026-10-24', '2026-10-25', '2026-10-25T22:30:00Z'), (1 + 24.5 / 25) / 2)
    t.equal(elapsedAt('2026-03-28', '2026-03-29', '2026-03-29T21:30:00Z'), (1 + 22.5 / 23) / 2)
    t.equal(elapsedAt('2026-03-30', '2026-03-31', '2026-03-31T21:30:00Z'), (1 + 23.5 / 24) / 2)
  },
)

t.test('a target that ended before the first day that is known came to 0, and was missed', async t => {
  const series = { ...noSeries(), closed: { ads: '2026-03-10' } }
  const change = { ...base, source: 'meta', told: '2026-03-10', at: 1, zone: 'UTC', currency: 'EUR' }
  takeDay(series, { ...change, date: '2026-03-10', changes: [1e6], isNew: true })
  const target = targetOf({ ...spendOf(200), start_date: '2026-02-01', end_date: '2026-02-28' })
  t.match(seenAt(target, series, '2026-03-11T09:00:00Z').observed, { phase: 'ENDED', actual: null })
})
