import t from 'tap'
import { moneyOf, percentOf } from '../../../../pipelines/autopilot/model/blast/money.ts'
import { needOf } from '../../../../pipelines/autopilot/model/blast/room.ts'
import { $, bidUp, budget, change, enable, facts, pause, raise } from '../facts.ts'

t.test('what a change moves a day', async t => {
  const lifetime = budget(3000, { kind: 'lifetime', remaining_days: 30 })
  const rows = [
    ['a budget up', raise(120), facts(), $(20)],
    ['a budget down counts too', change('BUDGET_DECREASE', 100, 70), facts(), $(30)],
    ['a lifetime budget by the days left', raise(3600, 3000), facts({ budget: lifetime }), $(20)],
    [
      'nobody knows how many',
      raise(3600, 3000),
      facts({ budget: { ...lifetime, remaining_days: null } }),
      null,
    ],
    ['a bid by what is spent', bidUp, facts(), $(9)],
    ['a bid down too', change('BID_DECREASE', 1, 0.5), facts(), $(45)],
    ['a bid where spend is not known', bidUp, facts({ mean_spend_micros: null }), null],
    ['a bid from nothing', change('BID_INCREASE', 0, 1), facts(), null],
    ['a pause', pause, facts(), $(90)],
    ['a pause where spend is not known', pause, facts({ mean_spend_micros: null }), null],
    ['what is switched on', enable, facts(), $(100)],
    ['without a budget that is known', enable, facts({ budget: budget(null) }), null],
  ] as const
  for (const [name, of, given, expected] of rows) t.equal(moneyOf(of, given), expected, name)
})

t.test('money is whole micros, never rounded in favour of the action', async t => {
  const third = facts({ budget: budget(100, { kind: 'lifetime', remaining_days: 3 }) })
  t.equal(moneyOf(raise(101), third), 333_334)
  t.equal(moneyOf(change('BID_INCREASE', 3, 4), facts({ mean_spend_micros: 100 })), 34)
  // 9e14 · 7e14 has no place in a double.
  const large = { ...bidUp, before: 900_000_000_000_001, after: 1_600_000_000_000_002 }
  const exact = (900_000_000_000_001n * 700_000_000_000_001n + 900_000_000_000_000n) / 900_000_000_000_001n
  t.equal(moneyOf(large, facts({ mean_spend_micros: 900_000_000_000_001 })), Number(exact))
  t.equal(percentOf(8_000_000_000_000_007, 15), 1_200_000_000_000_001)
  t.equal(percentOf(199, 10), 19)
})

t.test('what an action needs is of its campaign, by what it does', async t => {
  const inside = facts({ entity: 'meta:a1:c1:s1' })
  t.same(needOf(pause, inside), { campaign: 'meta:a1:c1', money_micros: $(90), is_increase: false })
  t.equal(needOf(enable, inside).is_increase, true)
  t.equal(needOf(change('BUDGET_DECREASE', 100, 150), inside).is_increase, true)
})
