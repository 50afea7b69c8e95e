import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Command } from '../../../engine/command/command.ts'
import type { StageContext } from '../../../engine/stage/stage.ts'
import { type ForecastRow, forecastKind } from '../../../pipelines/forecast/kinds.ts'
import { OF_TENANT } from '../../../pipelines/forecast/scope.ts'
import { METRICS } from '../../../pipelines/forecast/series/metrics.ts'
import { noSeries } from '../../../pipelines/forecast/series/model.ts'
import { type PacingAlert, pacingAlertKind, pacingKind } from '../../../pipelines/pacing/kinds.ts'
import { targetsOf } from '../../../pipelines/pacing/settings/check.ts'
import { pacing } from '../../../pipelines/pacing/stage.ts'
import { settingsKind } from '../../../pipelines/settings/kinds.ts'
import { ask, command } from '../commands.ts'
import { told } from '../facts.ts'
import { Row } from '../row.ts'
import { startOf } from '../signals/shop.ts'
import { alerts, before, DAY, each, HOUR, march, paced, rows, said, set, spendOf } from './shop.ts'

t.test('a target is said to stand where it does, each day, with a forecast of its end', async t => {
  const row = await paced(spendOf(310_000))
  row.feed(...each('2026-03-01', 20))
  const last = rows(row, '2026-03-20').at(-1)!
  t.match(last, { status: 'ON_TRACK', phase: 'ACTIVE', metric: 'spend', scope: 'tenant', currency: 'EUR' })
  t.ok(Math.abs(last.pace! - 1) < 0.02, `${last.pace}`)
  t.ok(Math.abs(last.attainment! - 1) < 0.01 && last.lower! <= last.attainment!, `${last.attainment}`)
  t.strictSame(alerts(row), [])
  const forecasts = row.of<ForecastRow>(forecastKind).filter(one => one.target_id === 'march')
  t.match(forecasts.at(-1), {
    horizon: 'TARGET_END',
    horizon_date: '2026-03-31',
    metric: 'spend',
    reason: null,
  })
  t.ok(Math.abs(forecasts.at(-1)!.mean! - 3_100) < 10)
  t.equal(new Set(row.of(pacingKind).map(one => one.event_id)).size, row.of(pacingKind).length)
})

t.test('before its start it has not begun, and when its last day has closed it has ended', async t => {
  const row = await paced({ ...spendOf(310_000), start_date: '2026-03-03' })
  row.feed(...each('2026-03-01', 32))
  t.match(rows(row, '2026-03-01').at(-1), { status: null, phase: 'NOT_STARTED', reason: 'NOT_STARTED' })
  const end = rows(row, '2026-03-31')
  t.match(end.at(-1), { phase: 'ENDED', actual: 290_000, projected: 290_000, status: 'MISSED' })
  const revisions = end.map(one => one.revision)
  t.strictSame(
    revisions,
    revisions.map((_, i) => i + 1),
  )
})

t.test('what comes late is a revision of an ended target', async t => {
  const row = await paced(spendOf(310_000))
  row.feed(...each('2026-03-01', 33))
  const before = rows(row, '2026-03-31').at(-1)!
  t.match(before, { phase: 'ENDED', status: 'ON_TRACK', actual: 310_000 })
  const at = startOf('2026-04-04')
  row.feed(said({ date: '2026-03-10', spend: 700 }, at), told.tick(at), told.tick(at + HOUR))
  t.match(rows(row, '2026-03-31').at(-1), {
    status: 'MISSED',
    actual: 370_000,
    revision: before.revision + 1,
  })
})

t.test('spend that lags is told after six hours, and cleared when it has caught up', async t => {
  const row = await paced(spendOf(310_000))
  row.feed(...each('2026-03-01', 12, i => (i < 2 ? {} : { spend: 50 })))
  t.strictSame(
    alerts(row)
      .filter(one => one.type === 'UNDERPACING_SPEND')
      .map(({ severity }) => severity)
      .slice(0, 1),
    ['warning'],
  )
  t.match(rows(row, '2026-03-12').at(-1)!.status, /MISSED|AT_RISK/)
  row.feed(...each('2026-03-13', 10, () => ({ spend: 180 })))
  const under = alerts(row).filter(one => one.type === 'UNDERPACING_SPEND')
  t.match(under.at(-1), { cleared_by: 'CONDITION' })
  t.equal(under.filter(one => one.cleared_by === null && one.revision === 1).length, 1, 'opened once')
})

t.test('spend that runs away uses the budget up before its time', async t => {
  const row = await paced(spendOf(310_000))
  row.feed(...each('2026-03-01', 14, i => (i < 3 ? {} : { spend: 200 })))
  const opened = new Set(
    alerts(row)
      .filter(one => one.revision === 1)
      .map(one => one.type),
  )
  t.ok(opened.has('OVERPACING_SPEND') && opened.has('BUDGET_EXHAUSTION'), [...opened].join())
  t.match(rows(row, '2026-03-14').at(-1)!.status, /AT_RISK|MISSED/)
  ask(row, set({ march: null }, { event_time: startOf('2026-03-15') + 9 * HOUR }))
  const last = new Map(row.of<PacingAlert>(pacingAlertKind).map(one => [one.alert_id, one]))
  t.ok(
    [...last.values()].every(one => one.cleared_by !== null),
    'without a target nothing is open',
  )
  row.feed(...each('2026-03-15', 1))
  t.equal(rows(row, '2026-03-15').at(-1)?.revision ?? 0, rows(row, '2026-03-15').length)
})

t.test('a return that falls below what was asked is told at the second close', async t => {
  const row = await paced({ metric_type: 'ROAS', target_value: 3, platform: 'meta', ...march })
  row.feed(...each('2026-03-01', 16, () => ({ revenue: 220 })))
  t.match(rows(row).at(-1), { metric: 'platform_roas', scope: 'platform', platform: 'meta' })
  const told = alerts(row).filter(one => one.type === 'ROAS_BELOW_TARGET')
  t.match(told[0], { revision: 1, cleared_by: null })
  t.equal(told.at(-1)!.severity, 'critical')
  row.feed(...each('2026-03-17', 12, () => ({ revenue: 400 })))
  t.match(
    alerts(row)
      .filter(one => one.type === 'ROAS_BELOW_TARGET')
      .at(-1),
    { cleared_by: 'CONDITION' },
  )
})

t.test('revenue that breaks off is a cliff', async t => {
  const row = await paced({ metric_type: 'REVENUE', target_value_cents: 15_500_000, ...march })
  row.feed(...each('2026-03-01', 12))
  t.strictSame(alerts(row), [])
  t.match(rows(row, '2026-03-12').at(-1), { metric: 'revenue', status: 'ON_TRACK' })
  row.feed(...each('2026-03-13', 3, () => ({ sold: 2_000 })))
  t.match(alerts(row)[0], { type: 'PACING_CLIFF', severity: 'critical', revision: 1 })
})

t.test('where nothing comes for two days nobody knows where it stands', async t => {
  const row = await paced(spendOf(310_000))
  row.feed(...each('2026-03-01', 12))
  const from = startOf('2026-03-13') + 9 * HOUR
  for (let h = 0; h < 72; h += 3) row.feed(told.tick(from + h * HOUR))
  t.match(rows(row).at(-1), { status: null, reason: 'NO_DATA' })
  const none = await Row.open('tenant', 'facts')
  ask(none, set({ empty: { metric_type: 'CPA', target_value_cents: 1_000, platform: 'tiktok', ...march } }))
  none.feed(told.tick(startOf('2026-03-05')))
  t.match(rows(none).at(-1), { target_id: 'empty', status: null, reason: 'NO_DATA', actual: null })
})

t.test('a unit of spend in another currency was said to be no data', async t => {
  const row = await paced(spendOf(310_000))
  const cost = { metric_type: 'CPA', target_value_cents: 1_000, ...march }
  ask(row, set({ cost, made: { metric_type: 'CONVERSIONS', target_value: 310, ...march } }))
  const at = startOf('2026-03-08') + 9 * HOUR
  const dollars = { account_id: 'us', campaign_id: 'us', ad_id: 'us', currency: 'USD' }
  row.feed(...each('2026-03-01', 7), said({ date: '2026-03-07', spend: 1 }, at, 1, dollars))
  row.feed(told.tick(at), told.tick(at + HOUR))
  const reasonOf = (id: string) =>
    rows(row)
      .filter(one => one.target_id === id)
      .at(-1)!.reason
  t.strictSame(['march', 'cost', 'made'].map(reasonOf), ['SEVERAL_CURRENCIES', 'SEVERAL_CURRENCIES', null])
})

t.test('spend of nothing is no return, and no cost', async t => {
  const row = await Row.open('tenant', 'facts')
  row.feed(...each('2026-01-01', 59, () => ({ spend: 0 })))
  ask(row, set({ march: { metric_type: 'ROAS', target_value: 3, platform: 'meta', ...march } }))
  row.feed(...each('2026-03-01', 10, () => ({ spend: 0 })))
  t.match(rows(row).at(-1), { status: null, reason: 'NO_RATIO', pace: null, attainment: null })
})

t.test('targets that cannot be are refused by path, and those in force stay', async t => {
  const row = await Row.open('tenant', 'facts')
  ask(row, set({ march: spendOf(310_000) }))
  const refused = (target: unknown, why: RegExp, name = 'bad') => {
    const answer = ask(row, set({ [name]: target }))
    t.match(answer, { accepted: false, code: 'VALIDATION_ERROR', message: why })
  }
  refused({ ...spendOf(1), start_date: '2026-04-01' }, /^\/bad\/start_date 2026-04-01 is after end_date/)
  refused({ ...spendOf(1), end_date: '9999-11-01' }, /^\/bad\/end_date must be a day from 1970-01-01 to/)
  refused({ ...spendOf(1), end_date: '2027-03-02' }, /^\/bad\/end_date 2027-03-02 is too far from start_date/)
  refused({ ...spendOf(0) }, /^\/bad\/target_value_cents must be above 0/)
  refused({ ...spendOf(1), target_value: 2 }, /^\/bad: SPEND has target_value_cents/)
  refused({ ...spendOf(1), warning_threshold_pct: 97 }, /^\/bad: of SPEND the warning comes before/)
  refused({ ...spendOf(1), campaign_id: 'c' }, /^\/bad\/campaign_id: say of which platform/)
  refused({ ...spendOf(1), end_dat: '2026-03-31' }, /^\/bad\/end_dat is not a field.*end_date/)
  refused({ metric_type: 'SPEND' }, /\/bad\/start_date is required; \/bad\/end_date is required/)
  refused({ ...spendOf(1), start_date: 20260301 }, /^\/bad\/start_date must be a text/)
  refused({ metric_type: 'LEADS', target_value: 5, platform: 'meta', ...march }, /leads are counted/)
  refused({ ...spendOf(1) }, /a target's name/, 'a b')
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`t${i}`, spendOf(1)]))
  t.match(ask(row, set(many)), { code: 'VALIDATION_ERROR', message: /at most 100 targets, got 101/ })
  t.equal(row.of(settingsKind).length, 1)
  t.match(ask(row, set({ more: spendOf(1) }, { role: 'ANALYST' })), { code: 'FORBIDDEN' })
  t.match(ask(row, set({ more: spendOf(1) }, { role: 'MANAGER' })), { accepted: true })
})

t.test(
  'a target with a distant end, set before such were refused, is left out and its alerts are cleared',
  async t => {
    const targets = { far: { ...spendOf(310_000), end_date: '9999-11-01' }, march: spendOf(310_000) }
    const text = JSON.stringify(targets)
    t.strictSame(
      targetsOf(text).map(({ id }) => id),
      ['march'],
    )
    const open = { type: 'PACING_CLIFF', severity: 'critical', opened_at: 1, cleared_at: null }
    const alerts = { states: { PACING_CLIFF: { open } }, revisions: { PACING_CLIFF: 1 } }
    const shown = { date: '', text: '', revision: 0 }
    const state = { text, paced: { far: { at: 0, shown, forecast: '', alerts } } }
    const written: unknown[] = []
    const ctx = { emit: (_topic: string, _kind: unknown, value: unknown) => written.push(value) }
    const base = { tenant_id: 'demo', event_id: 'e', event_time: 2, ingest_time: 2 }
    const set = { ...base, version: 2, text: JSON.stringify({ march: targets.march }), actor: 'anna' }
    pacing.on.targets_set!(state, set as never, ctx as unknown as StageContext)
    t.match(written, [{ target_id: 'far', cleared_at: 2, cleared_by: 'TARGET' }])
    t.strictSame(state.paced, {})
  },
)

t.test(
  'a target that had ended was revised to nothing when its days were kept no more and another of its scope went on',
  async t => {
    const now = startOf('2027-04-20') + 9 * HOUR
    const series = {
      ...noSeries(),
      days: { '2027-04-19': [1e6] },
      newest: '2027-04-19',
      since: METRICS.map(() => '2026-01-01'),
      ...{ told: { meta: '2027-04-19' }, heard: { ads: now }, closed: { ads: '2027-04-19' } },
    }
    const base = { tenant_id: 'demo', event_id: 'e', event_time: now, ingest_time: now }
    const state = { text: JSON.stringify({ march: spendOf(310_000) }), paced: {} }
    const ctx = { emit: () => t.fail('it is left alone'), unchanged: () => t.pass('and nothing is kept') }
    const seen = { ...base, scope: OF_TENANT, series, pasts: {} }
    pacing.on.series_forecast!(state, seen as never, ctx as unknown as StageContext)
    t.strictSame(state.paced, {})
  },
)

t.test(
  'an alert is acknowledged, snoozed and resolved by hand, and opens anew when its condition has held anew',
  async t => {
    const row = await paced(spendOf(310_000))
    row.feed(...each('2026-03-01', 10, i => (i < 2 ? {} : { spend: 40 })))
    const { alert_id } = row.of<PacingAlert>(pacingAlertKind).find(one => one.type === 'UNDERPACING_SPEND')!
    const now = startOf('2026-03-11') + 9 * HOUR
    const say = (name: string, more: object = {}, fields: Partial<Command> = {}) =>
      ask(row, command(name, { alert: alert_id, ...more }, { event_time: now, ingest_time: now, ...fields }))
    t.match(say('pacing.acknowledge', {}, { role: 'VIEWER' }), { code: 'FORBIDDEN' })
    t.match(say('pacing.acknowledge', {}, { role: 'ANALYST' }), { accepted: true })
    t.match(say('pacing.snooze', { until: now - 1 }), { code: 'VALIDATION_ERROR' })
    t.match(say('pacing.snooze', { until: now + DAY }), { accepted: true })
    t.match(say('pacing.resolve', {}, { reason: 'planned' }), { accepted: true })
    t.match(say('pacing.resolve'), { code: 'NOT_FOUND' })
    t.match(row.of<PacingAlert>(pacingAlertKind).at(-1), {
      alert_id,
      acknowledged_by: 'anna',
      snoozed_until: now + DAY,
      cleared_at: now,
      cleared_by: 'HAND',
      note: 'planned',
    })
    row.feed(...each('2026-03-11', 1, () => ({ spend: 40 })))
    const again = row
      .of<PacingAlert>(pacingAlertKind)
      .filter(one => one.type === 'UNDERPACING_SPEND')
      .at(-1)!
    t.not(again.alert_id, alert_id)
  },
)

t.test('pacing does not see where batches end, nor that a process forgot and read again', async t => {
  const targets = {
    march: spendOf(310_000),
    roas: { metric_type: 'ROAS', target_value: 3.2, platform: 'meta', ...march },
    sold: { metric_type: 'REVENUE', target_value_cents: 15_500_000, ...march },
    c: { metric_type: 'CONVERSIONS', target_value: 300, platform: 'meta', campaign_id: 'c', ...march },
  }
  const all = [...before(), set(targets), ...each('2026-03-01', 9, i => ({ spend: i < 3 ? 100 : 220 }))]
  const whole = await Row.open('tenant', 'facts')
  whole.feed(...all)
  const written = (row: Row) => row.written.filter(one => one.topic === 'pacing')
  assert.ok(written(whole).length > 60, `${written(whole).length} rows`)
  assert.ok(whole.of(pacingAlertKind).length > 0)
  t.ok(whole.largest('pacing') < 32_000, `${whole.largest('pacing')} bytes`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(all.length), { maxLength: 30 }), fc.boolean(), async (at, forgetful) => {
      const row = await Row.open('tenant', 'facts', { forgetful })
      const cuts = [...new Set([0, ...at, all.length])].sort((a, b) => a - b)
      for (let i = 1; i < cuts.length; i++) row.feed(...all.slice(cuts[i - 1], cuts[i]))
      assert.deepEqual(written(row), written(whole))
    }),
    { numRuns: 2 },
  )
})

t.test('a shop that sells on weekdays alone falls off no cliff on Saturdays', async t => {
  const row = await Row.open('tenant', 'facts')
  const sold = (i: number) => ({ sold: i % 7 < 5 ? 5_000 : 900 })
  row.feed(...each('2026-01-05', 55, sold))
  ask(row, set({ march: { metric_type: 'REVENUE', target_value_cents: 12_000_000, ...march } }))
  row.feed(...each('2026-03-01', 16, i => sold(i + 55)))
  t.strictSame(
    alerts(row).filter(one => one.type === 'PACING_CLIFF'),
    [],
  )
  t.match(rows(row).at(-1), { status: 'ON_TRACK' })
})
