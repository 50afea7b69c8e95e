import t from 'tap'
import type { Change } from '../../../../pipelines/autopilot/model/change.ts'
import { enforce } from '../../../../pipelines/autopilot/model/enforcement/enforce.ts'
import type { Facts } from '../../../../pipelines/autopilot/model/enforcement/facts.ts'
import { ACTION_TYPES } from '../../../../pipelines/trust/model/actions.ts'
import {
  $,
  bidUp,
  budget,
  change,
  day,
  enable,
  facts,
  HOUR,
  NOW,
  pause,
  raise,
  settings,
  settled,
} from '../facts.ts'

const ask = (of: Change | null, given: Facts = facts(), set: unknown = {}, reverts = false) =>
  enforce({ change: of, overrides: {}, reverts }, given, settings(set), NOW)
/** `TYPE.SUBTYPE` of all violations. */
const found = (...args: Parameters<typeof ask>) =>
  ask(...args).violations.map(({ type, subtype }) => (subtype === null ? type : `${type}.${subtype}`))

t.test('twenty percent is the edge, and nothing else is wrong', async t => {
  t.same(ask(raise(120)), {
    allowed: true,
    mode: null,
    violations: [],
    warnings: [],
    requires_confirmation: false,
    suggestions_only: false,
    proposes_pause: false,
    notes: [],
  })
  t.same(found(raise(120.000001)), ['BUDGET_EXCEEDED.DAILY_INCREASE'])
})

t.test('what is said of a violation', async t => {
  const { violations, allowed, mode, requires_confirmation } = ask(raise(135))
  t.same(
    { allowed, mode, requires_confirmation },
    { allowed: false, mode: 'SOFT_BLOCK', requires_confirmation: true },
  )
  t.same(violations, [
    {
      type: 'BUDGET_EXCEEDED',
      subtype: 'DAILY_INCREASE',
      message:
        'The budget would be 35 % above that of the beginning of the day (100.00 USD to 135.00 USD); at most +20 % a day is allowed (max_daily_budget_increase_pct)',
      setting: 'max_daily_budget_increase_pct',
      threshold: 20,
      actual: 35,
      mode: 'SOFT_BLOCK',
    },
  ])
})

t.test('many small steps are one rise since midnight', async t => {
  const given = facts({ budget: budget(119, { midnight_micros: $(100) }) })
  t.same(found(raise(120, 119), given), [])
  t.same(found(raise(121, 119), given), ['BUDGET_EXCEEDED.DAILY_INCREASE'])
})

t.test('the budget of a campaign, by day', async t => {
  const rows: readonly (readonly [string, Change, Facts['budget'], unknown, readonly string[]])[] = [
    ['equality holds', raise(10000, 9000), budget(9000), {}, []],
    [
      'one micro more does not',
      raise(10000.000001, 9000),
      budget(9000),
      {},
      ['BUDGET_EXCEEDED.CAMPAIGN_BUDGET'],
    ],
    [
      'in minor units',
      raise(100.01),
      budget(100),
      { max_campaign_budget_cents: 10000 },
      ['BUDGET_EXCEEDED.CAMPAIGN_BUDGET'],
    ],
    ['what goes live counts', enable, budget(10001), {}, ['BUDGET_EXCEEDED.CAMPAIGN_BUDGET']],
    [
      'what was raised while it was paused counts',
      enable,
      budget(150, { midnight_micros: $(100) }),
      {},
      ['BUDGET_EXCEEDED.DAILY_INCREASE'],
    ],
    [
      'a lifetime budget by the days left',
      raise(3600, 3000),
      budget(3000, { kind: 'lifetime', remaining_days: 36 }),
      { max_campaign_budget: 100 },
      [],
    ],
    [
      'with a day less it is too much',
      raise(3600, 3000),
      budget(3000, { kind: 'lifetime', remaining_days: 35 }),
      { max_campaign_budget: 100 },
      ['BUDGET_EXCEEDED.CAMPAIGN_BUDGET'],
    ],
    [
      'nobody knows how long it runs',
      raise(3100, 3000),
      budget(3000, { kind: 'lifetime' }),
      {},
      ['BUDGET_EXCEEDED.BUDGET_UNKNOWN'],
    ],
    ['no budget is known', enable, budget(null), {}, ['BUDGET_EXCEEDED.BUDGET_UNKNOWN']],
    [
      'none of midnight is known',
      raise(101),
      budget(100, { midnight_micros: null }),
      {},
      ['BUDGET_EXCEEDED.BUDGET_UNKNOWN'],
    ],
    ['from nothing', raise(10, 0), budget(0), {}, ['BUDGET_EXCEEDED.DAILY_INCREASE']],
    ['a decrease is never too much', change('BUDGET_DECREASE', 20000, 15000), budget(20000), {}, []],
    ['nor a bid', bidUp, budget(20000), {}, []],
    ['nor a pause', pause, budget(null), {}, []],
    [
      'a decrease that raises is none',
      change('BUDGET_DECREASE', 100, 150),
      budget(100),
      {},
      ['BUDGET_EXCEEDED.DAILY_INCREASE'],
    ],
  ]
  for (const [name, of, its, set, expected] of rows)
    t.same(found(of, facts({ budget: its }), set), expected, name)
})

t.test('a third of a lifetime budget a day is no rounding error over its limit', async t => {
  const its = budget(100, { kind: 'lifetime', remaining_days: 7 })
  t.same(found(raise(120), facts({ budget: its })), [])
})

t.test('in a currency that has no cents, minor units are whole ones', async t => {
  const given = facts({ currency: 'JPY', budget: budget(9000) })
  const of = ask(raise(10001, 9000), given, { max_campaign_budget_cents: 10000 })
  t.match(of.violations, [{ setting: 'max_campaign_budget_cents', threshold: 10000, actual: 10001 }])
  const dollars = ask(raise(100.5), facts(), { max_campaign_budget_cents: 10000 })
  t.match(dollars.violations, [{ setting: 'max_campaign_budget_cents', threshold: 10000, actual: 10050 }])
})

t.test('ROAS over settled days', async t => {
  const rows: readonly (readonly [string, Facts['days'], readonly string[]])[] = [
    ['equality holds', settled(day(900, 1800, 40)), []],
    ['a little less does not', settled(day(900, 1799.99, 40)), ['ROAS_BELOW_THRESHOLD']],
    ['sums first', settled(day(100, 900, 5), day(300, 0, 5)), []],
    ['just enough evidence', settled(day(100, 300, 10)), []],
    ['too little spend', settled(day(99.99, 300, 10)), ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE']],
    ['too few conversions', settled(day(900, 2790, 9.5)), ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE']],
    ['no day at all', {}, ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE']],
    [
      'revenue of a day is not known',
      settled(day(900, 2790, 40), day(10, null)),
      ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE'],
    ],
    [
      'days that are not settled do not count',
      { '2026-01-13': day(900, 2790, 40) },
      ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE'],
    ],
    [
      'the eighth does not either',
      settled(...new Array(7).fill(null), day(900, 2790, 40)),
      ['ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE'],
    ],
    ['the seventh does', settled(...new Array(6).fill(null), day(900, 2790, 40)), []],
  ]
  for (const [name, days, expected] of rows) {
    for (const of of [raise(101), bidUp, enable]) t.same(found(of, facts({ days })), expected, name)
    for (const of of [pause, change('BUDGET_DECREASE', 100, 90), change('BID_DECREASE', 1, 0.9)])
      t.same(found(of, facts({ days })), [], name)
  }
})

t.test('too little evidence asks, and never forbids', async t => {
  const given = facts({ days: {} })
  t.equal(ask(raise(101), given, { default_mode: 'HARD_BLOCK' }).mode, 'SOFT_BLOCK')
  t.equal(ask(raise(101), given, { default_mode: 'ADVISORY' }).mode, 'ADVISORY')
})

t.test('sums of several currencies are no money', async t => {
  const given = facts({ currency: null, days: settled(day(200, 100), day(200, 100), day(200, 100)) }, {})
  t.same(found(raise(101), given, { daily_spend_limit: 1e6 }), [
    'BUDGET_EXCEEDED.BUDGET_UNKNOWN',
    'ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE',
    'DAILY_SPEND_LIMIT.SPEND_UNKNOWN',
  ])
})

t.test('what an account may come to spend today', async t => {
  const other = { entity: 'meta:a1:c2', budget_micros: $(200), spent_today_micros: $(50) }
  const own = { entity: 'meta:a1:c1', budget_micros: $(100), spent_today_micros: $(40) }
  // 90 were spent; 350 − 50 of the other and, at 110, 192.5 − 40 of its own are open: 542.5.
  const with_ = (account: Partial<Facts['account']>, more: Partial<Facts> = {}) =>
    facts(more, { spent_today_micros: $(90), active: [own, other], ...account })
  const rows: readonly (readonly [string, Change, Facts, number, readonly string[]])[] = [
    ['equality holds', raise(110), with_({}), 542.5, []],
    ['less room does not', raise(110), with_({}), 542.49, ['DAILY_SPEND_LIMIT']],
    ['without a limit nobody asks', raise(110), with_({ spent_today_micros: null, active: null }), -1, []],
    ['a bid spends what the budgets allow', bidUp, with_({}), 525, []],
    ['and no more', bidUp, with_({}), 524.99, ['DAILY_SPEND_LIMIT']],
    ['what is switched on is added', enable, with_({ active: [other] }), 90 + 300 + 175, []],
    ['by its factor', enable, with_({ active: [other] }), 90 + 300 + 174.99, ['DAILY_SPEND_LIMIT']],
    [
      'a platform without a factor of its own',
      raise(110),
      with_({}, { platform: 'tiktok' }),
      90 + 150 + 70,
      [],
    ],
    [
      'spent over its budget is not taken off',
      raise(110),
      with_({ active: [own, { ...other, spent_today_micros: $(400) }] }),
      90 + 152.5,
      [],
    ],
    ['an hour old enough', raise(110), with_({ spend_age_hours: 24 }), 1000, []],
    [
      'older than fresh',
      raise(110),
      with_({ spend_age_hours: 24.1 }),
      1000,
      ['DAILY_SPEND_LIMIT.SPEND_STALE'],
    ],
    ['never seen', raise(110), with_({ spend_age_hours: null }), 1000, ['DAILY_SPEND_LIMIT.SPEND_UNKNOWN']],
    [
      'today is not known',
      raise(110),
      with_({ spent_today_micros: null }),
      1000,
      ['DAILY_SPEND_LIMIT.SPEND_UNKNOWN'],
    ],
    [
      'a budget is not known',
      raise(110),
      with_({ active: [{ ...other, budget_micros: null }] }),
      1000,
      ['DAILY_SPEND_LIMIT.SPEND_UNKNOWN'],
    ],
    ['a decrease may always', change('BUDGET_DECREASE', 100, 90), with_({}), 1, []],
  ]
  for (const [name, of, given, limit, expected] of rows)
    t.same(found(of, given, limit < 0 ? {} : { daily_spend_limit: limit }), expected, name)
})

t.test('an ad set that spends the budget of its campaign is not counted beside it', async t => {
  const given = facts({ entity: 'meta:a1:c1:s1' }, { spent_today_micros: $(40) })
  const of = change('ADSET_ENABLE', 'PAUSED', 'ACTIVE')
  t.same(found(of, given, { daily_spend_limit: 175 }), [])
})

t.test('a loser is paused, and not raised', async t => {
  const bad = day(100, 99.99)
  const rows: readonly (readonly [string, Facts['days'], boolean])[] = [
    ['three days', settled(bad, bad, bad), true],
    ['one of them broke even', settled(bad, day(100, 100), bad), false],
    ['one of them spent too little', settled(bad, day(99.99, 0), bad), false],
    ['one of them had no delivery', settled(bad, null, bad), false],
    ['revenue of one is not known', settled(bad, day(100, null), bad), false],
    ['spend of one is not known', settled(bad, day(null, 10), bad), false],
    ['they ended yesterday', settled(day(100, 300), bad, bad, bad), false],
  ]
  for (const [name, days, expected] of rows) {
    for (const of of [raise(101), bidUp, enable]) {
      const got = ask(of, facts({ days }))
      t.equal(got.proposes_pause, expected, name)
      t.equal(found(of, facts({ days })).includes('CAMPAIGN_PAUSE_REQUIRED'), expected, name)
    }
    t.same(found(pause, facts({ days })), [])
  }
  const { violations } = ask(bidUp, facts({ days: settled(day(100, 50), day(100, 80), day(200, 0)) }))
  const pauses = violations.find(({ type }) => type === 'CAMPAIGN_PAUSE_REQUIRED')
  t.equal(
    pauses!.message,
    'ROAS was below 1 on 3 settled days in a row (0, 0.8, 0.5): it should be paused (pause_roas_threshold)',
  )
})

t.test('how often people see it', async t => {
  t.same(found(raise(101), facts({ impressions: 8000, reach: 2000 })), [])
  for (const of of [raise(101), bidUp, enable])
    t.same(found(of, facts({ impressions: 8001, reach: 2000 })), ['FREQUENCY_CAP_EXCEEDED.AD_FREQUENCY'])
  t.same(found(pause, facts({ impressions: 8001, reach: 2000 })), [])
  for (const reach of [null, 0]) {
    const { violations, notes } = ask(raise(101), facts({ reach }))
    t.same(violations, [])
    t.match(notes, [{ code: 'REACH_UNKNOWN' }])
  }
})

t.test('how often it is changed', async t => {
  const tenth = facts({}, { changes_today: 10 })
  const soon = facts({ changed_at: NOW - 4 * HOUR + 4000 })
  for (const type of ACTION_TYPES) {
    const of =
      type.startsWith('BUDGET') || type.startsWith('BID')
        ? change(type, 1, type.endsWith('INCREASE') ? 1.01 : 0.9)
        : change(type, '', '')
    const isFree = type.endsWith('_PAUSE')
    const given = { budget: budget(1) }
    t.same(found(of, { ...tenth, ...given }), isFree ? [] : ['FREQUENCY_CAP_EXCEEDED.CHANGE_COUNT'], type)
    t.same(found(of, { ...soon, ...given }), isFree ? [] : ['FREQUENCY_CAP_EXCEEDED.CHANGE_INTERVAL'], type)
  }
  t.same(found(raise(101), facts({}, { changes_today: 9 })), [])
  t.same(found(raise(101), facts({ changed_at: NOW - 4 * HOUR })), [])
})

t.test('what takes one of ours back need not wait, but has its budget like any other', async t => {
  const soon = facts({ changed_at: NOW - HOUR })
  const back = ask(change('BUDGET_DECREASE', 120, 100), soon, {}, true)
  t.same(back.violations, [])
  t.match(back.notes, [{ code: 'CHANGE_INTERVAL_EXEMPT' }])
  t.same(found(raise(150), soon, {}, true), ['BUDGET_EXCEEDED.DAILY_INCREASE'])
  t.same(ask(raise(110), facts(), {}, true).notes, [])
})

t.test('the strictest mode of several', async t => {
  const given = facts({ impressions: 9000, reach: 2000 }, { changes_today: 10 })
  const modes = { BUDGET_EXCEEDED: 'HARD_BLOCK', FREQUENCY_CAP_EXCEEDED: 'ADVISORY' }
  const hard = ask(raise(130), given, { modes })
  t.same(
    hard.violations.map(({ mode }) => mode),
    ['HARD_BLOCK', 'ADVISORY', 'ADVISORY'],
  )
  t.match(hard, { allowed: false, mode: 'HARD_BLOCK', requires_confirmation: false })
  t.equal(hard.warnings.length, 2)
  const mild = ask(raise(110), given, { modes })
  t.match(mild, { allowed: true, mode: 'ADVISORY', requires_confirmation: false })
})

t.test('a rule has modes of its own', async t => {
  const overrides = { BUDGET_EXCEEDED: 'HARD_BLOCK', ROAS_BELOW_THRESHOLD: 'nonsense' }
  const of = enforce(
    { change: raise(130), overrides, reverts: false },
    facts({ days: settled(day(900, 90, 40)) }),
    settings(),
    NOW,
  )
  t.same(
    of.violations.map(({ type, mode }) => [type, mode]),
    [
      ['BUDGET_EXCEEDED', 'HARD_BLOCK'],
      ['ROAS_BELOW_THRESHOLD', 'SOFT_BLOCK'],
    ],
  )
})

t.test('other limits for some campaigns take the place of the general ones', async t => {
  const rule = (threshold: number, scope: unknown, more = {}) => ({
    ...{ type: 'BUDGET_EXCEEDED', setting: 'max_campaign_budget', threshold, scope },
    ...more,
  })
  const set = (rules: unknown) => ({ enforcement_rules: rules, max_campaign_budget: 100 })
  const of = (rules: unknown) =>
    ask(raise(115), facts(), set(rules)).violations.map(({ setting, mode }) => [setting, mode])
  t.same(of({}), [['max_campaign_budget', 'SOFT_BLOCK']])
  t.same(of({ a: rule(200, { campaign_id: 'c1' }) }), [])
  t.same(of({ a: rule(200, { campaign_id: 'c2' }) }), [['max_campaign_budget', 'SOFT_BLOCK']])
  t.same(
    of({ a: rule(200, { platform: 'meta' }), b: rule(110, { account_id: 'a1' }, { mode: 'HARD_BLOCK' }) }),
    [['enforcement_rules/b', 'HARD_BLOCK']],
  )
  t.same(of({ a: { type: 'BUDGET_EXCEEDED', mode: 'ADVISORY', scope: {} } }), [
    ['max_campaign_budget', 'ADVISORY'],
  ])
  t.same(
    found(raise(101), facts(), { enforcement_rules: { a: { type: 'DAILY_SPEND_LIMIT', threshold: 50 } } }),
    ['DAILY_SPEND_LIMIT'],
  )
})

t.test('switched off it warns people, and nothing happens by itself', async t => {
  const of = ask(raise(200), facts(), { enforcement_enabled: false, default_mode: 'HARD_BLOCK' })
  t.match(of, { allowed: true, mode: 'ADVISORY', suggestions_only: true, requires_confirmation: false })
  t.match(of.violations, [{ type: 'BUDGET_EXCEEDED', mode: 'ADVISORY' }])
})

t.test('without a change there is nothing to hold', async t => {
  t.match(ask(null), { violations: [], notes: [{ code: 'NOTHING_PROPOSED' }] })
})
