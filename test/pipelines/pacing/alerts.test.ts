import fc from 'fast-check'
import t from 'tap'
import {
  type AlertState,
  acknowledge,
  dedupeKey,
  evaluate,
  NO_ALERT,
  resolve,
  snooze,
} from '../../../pipelines/pacing/model/alerts/alert.ts'
import {
  type Around,
  type Condition,
  conditionsOf,
  consumption,
} from '../../../pipelines/pacing/model/alerts/conditions.ts'
import type { Pacing } from '../../../pipelines/pacing/model/status.ts'
import type { Target } from '../../../pipelines/pacing/model/target.ts'

const HOUR = 3_600_000_000
const budget: Target = {
  metric: 'SPEND',
  value: 3100,
  start: '2026-01-01',
  end: '2026-01-31',
  warningPct: 80,
  criticalPct: 95,
}
const pace = (pace: number, attainment: number, band = 0.16): Pacing => ({
  status: 'ON_TRACK',
  phase: 'ACTIVE',
  pace,
  attainment,
  lower: null,
  upper: null,
  band,
  reason: null,
})
const around = (change: Partial<Around> = {}): Around => ({
  e: 0.5,
  roas7: null,
  sixHours: null,
  day: null,
  spend: null,
  ...change,
})
const of = (type: Condition['type'], target: Target, p: Pacing, a: Around) =>
  conditionsOf(target, p, a).find(one => one.type === type) ?? null

t.test('spend that is off pace and will stay so', async t => {
  const under = (p: number, att: number) => of('UNDERPACING_SPEND', budget, pace(p, att), around())!
  t.match(under(0.83, 0.94), { fires: 'warning', clears: false })
  t.match(under(0.83, 0.79), { fires: 'critical' })
  t.match(under(0.83, 0.96), { fires: null, clears: false }, 'it will be made up for')
  t.match(under(0.91, 0.9), { fires: null, clears: false })
  t.match(under(0.93, 0.9), { fires: null, clears: true })
  const over = (p: number, att: number) => of('OVERPACING_SPEND', budget, pace(p, att), around())!
  t.match(over(1.17, 1.06), { fires: 'warning', clears: false })
  t.match(over(1.17, 1.21), { fires: 'critical' })
  t.match(over(1.07, 1.3), { fires: null, clears: true })
  t.same(conditionsOf({ ...budget, metric: 'LEADS' }, pace(0.1, 0.1), around()), [])
})

t.test('ROAS below its target, with conversions enough to say so', async t => {
  const target = { ...budget, metric: 'ROAS', value: 4 } as const
  const roas = (roas: number | null, conversions = 10) =>
    of('ROAS_BELOW_TARGET', target, pace(1, 1), around({ roas7: { roas, conversions } }))
  t.match(roas(3.7), { fires: 'warning', opens: 'NEXT_CLOSE' })
  t.match(roas(3.1), { fires: 'critical' })
  t.match(roas(3.1, 9), { fires: null, clears: false })
  t.match(roas(3.9), { fires: null, clears: false })
  t.match(roas(4), { clears: true })
  t.equal(roas(null), null, 'nothing was spent')
})

t.test('a cliff, by hours at once, by days after a while', async t => {
  const cliff = (change: Partial<Around>) => of('PACING_CLIFF', budget, pace(1, 1), around(change))
  t.match(cliff({ sixHours: { ratio: 0.4, z: -3.5 } }), { fires: 'critical', opens: 'AT_ONCE' })
  t.match(cliff({ sixHours: { ratio: 2.1, z: 4 } }), { fires: 'critical' })
  t.match(cliff({ sixHours: { ratio: 0.4, z: -3 } }), { fires: null, clears: false })
  t.match(cliff({ sixHours: { ratio: 1.4, z: 9 } }), { fires: null, clears: true })
  t.match(cliff({ day: { ratio: 0.69 } }), { fires: 'critical', opens: 'SIX_HOURS' })
  t.equal(cliff({}), null)
  t.match(cliff({ e: 0.09, sixHours: { ratio: 0, z: -20 } }), { fires: null }, 'too early')
})

t.test('a budget that is used up before its time', async t => {
  const sums = (daily: number, lower = daily) =>
    Array.from({ length: 16 }, (_, i) => ({ mean: daily * (i + 1), lower: lower * (i + 1) }))
  const ends = (actual: number, daily: number, lower?: number, e = 0.5) =>
    of(
      'BUDGET_EXHAUSTION',
      budget,
      pace(1, 1),
      around({ e, spend: { actual, closed: actual, sums: sums(daily, lower) } }),
    )
  t.match(ends(1500, 100), { fires: null, clears: true }, 'reached on the last day')
  t.match(ends(1600, 110, 50), { fires: 'warning', clears: false })
  t.match(ends(1600, 110, 110), { fires: 'critical' }, 'even by the lower bound')
  t.match(ends(2950, 20, 1), { fires: 'critical' }, '95 % consumed at half time')
  t.match(ends(2950, 20, 1, 0.96), { fires: 'warning' })
  t.match(ends(1590, 101, 1), { fires: null, clears: false }, 'one day is less than 5 % of 31')
  t.match(ends(3100, 0), { fires: 'critical' })
  t.equal(
    of(
      'BUDGET_EXHAUSTION',
      budget,
      pace(1, 1),
      around({ spend: { actual: 5, closed: 5, sums: [{ mean: null, lower: null }] } }),
    ),
    null,
  )
  const today = { actual: 3500, closed: 1000, sums: [{ mean: null, lower: 2500 }, ...sums(100)] }
  t.match(
    of('BUDGET_EXHAUSTION', budget, pace(1, 1), around({ e: 0.34, spend: today })),
    { fires: 'critical' },
    'it is gone today, whatever is forecast',
  )
})

t.test('consumption before its time', async t => {
  t.equal(consumption(budget, 0.7 * 3100, 0.5), null)
  t.equal(consumption(budget, 0.81 * 3100, 0.5), 'warning')
  t.equal(consumption(budget, 0.96 * 3100, 0.5), 'critical')
  t.equal(consumption(budget, 0.81 * 3100, 0.9), null)
})

const held = (change: Partial<Condition> = {}): Condition => ({
  type: 'UNDERPACING_SPEND',
  fires: 'warning',
  clears: false,
  opens: 'SIX_HOURS',
  clearsAfter: 0,
  ...change,
})
const moment = (hour: number, closed = '2026-01-10') => ({ at: hour * HOUR, closed })

t.test('an alert opens after six hours in which it held, once, and clears by its own rule', async t => {
  let state: AlertState = NO_ALERT
  const step = (hour: number, condition: Condition | null) => {
    const made = evaluate(state, condition, moment(hour))
    state = made.state
    return made.changed
  }
  t.equal(step(0, held()), null)
  t.equal(step(5.9, held()), null)
  t.equal(step(6, held({ fires: null })), null, 'it begins anew')
  t.equal(step(7, held()), null)
  t.equal(step(12, null), null, 'not known: nothing changes')
  t.match(step(13, held()), { severity: 'warning', opened_at: 13 * HOUR, cleared_at: null })
  t.equal(step(14, held()), null, 'one is open')
  t.match(step(15, held({ fires: 'critical' })), { severity: 'critical', opened_at: 13 * HOUR })
  t.equal(step(16, held({ fires: null })), null, 'between its bounds it stays')
  t.match(step(17, held({ fires: null, clears: true })), { cleared_at: 17 * HOUR })
  t.equal(state, NO_ALERT)
})

t.test('a daily alert needs a second close, a cliff twelve hours of quiet', async t => {
  const daily = held({ opens: 'NEXT_CLOSE' })
  const first = evaluate(NO_ALERT, daily, moment(0, '2026-01-10'))
  t.equal(evaluate(first.state, daily, moment(20, '2026-01-10')).changed, null)
  t.ok(evaluate(first.state, daily, moment(24, '2026-01-11')).changed)
  const cliff = held({ type: 'PACING_CLIFF', opens: 'AT_ONCE', clearsAfter: 12 * HOUR })
  const back = { ...cliff, fires: null, clears: true }
  let { state } = evaluate(NO_ALERT, cliff, moment(0))
  t.ok(state.open)
  state = evaluate(state, back, moment(1)).state
  state = evaluate(state, { ...cliff, fires: null }, moment(2)).state
  state = evaluate(state, back, moment(3)).state
  t.equal(evaluate(state, back, moment(14)).changed, null)
  t.match(evaluate(state, back, moment(15)).changed, { cleared_at: 15 * HOUR })
})

t.test('people acknowledge, snooze and resolve', async t => {
  const { state } = evaluate(NO_ALERT, held({ opens: 'AT_ONCE' }), moment(0))
  t.equal(acknowledge(state.open!, 'ann').acknowledged_by, 'ann')
  t.equal(snooze(state.open!, 9).snoozed_until, 9)
  t.equal(dedupeKey('t1', state.open!), 't1:UNDERPACING_SPEND:0')
  const resolved = resolve(state, HOUR)
  t.match(resolved.changed, { cleared_at: HOUR })
  t.equal(evaluate(resolved.state, held(), moment(2)).changed, null, 'it has to hold anew')
})

t.test('whatever happens, an alert that opens is cleared before the next one opens', async () => {
  const condition = fc.record({
    fires: fc.constantFrom<Condition['fires']>(null, 'warning', 'critical'),
    clears: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 80 }), conditions => {
      let state: AlertState = NO_ALERT
      let open = 0
      for (const [hour, change] of conditions.entries()) {
        const before = state.open
        const made = evaluate(
          state,
          held(change.clears ? { fires: null, clears: true } : change),
          moment(hour),
        )
        state = made.state
        if (made.changed?.cleared_at != null) open--
        else if (made.changed && !before) open++
        if (open < 0 || open > 1 || (state.open !== null) !== (open === 1)) return false
      }
      return true
    }),
  )
})
