// biome-ignore-all lint/suspicious/noThenProperty: a rule has one
import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../../engine/clock/days.ts'
import { RuleSet } from '../../../pipelines/rules/model/match.ts'
import { parseRule } from '../../../pipelines/rules/model/parse.ts'
import { METRICS, STANDING } from '../../../pipelines/rules/model/read.ts'
import type { DayFigures, Level, SubjectView } from '../../../pipelines/rules/model/subject.ts'

const TODAY = '2026-01-15'
const day = (more: Partial<DayFigures> = {}): DayFigures => ({
  spend_micros: 100e6,
  revenue_micros: 50e6,
  conversions_micros: 4e6,
  impressions: 10_000,
  clicks: 100,
  reach: 5_000,
  ...more,
})
/** The same figures on each of the last days, today among them. */
const days = (figures: DayFigures, count = 38) =>
  Object.fromEntries(Array.from({ length: count }, (_, age) => [addDays(TODAY, -age), figures]))

const view = (more: Partial<SubjectView> = {}, level: Level = 'campaign'): SubjectView => ({
  subject: {
    platform: 'meta',
    level,
    account_id: level === 'platform' ? null : 'a1',
    campaign_id: level === 'platform' || level === 'account' ? null : 'c1',
    adset_id: level === 'adset' || level === 'ad' ? 's1' : null,
    ad_id: level === 'ad' ? 'd1' : null,
  },
  name: 'Summer',
  status: 'ACTIVE',
  budget_micros: 100e6,
  budget_kind: 'daily',
  budget_at_midnight_micros: 90e6,
  bid_micros: 2e6,
  currency: 'USD',
  zone: 'Europe/Berlin',
  now: Date.UTC(2026, 0, 15, 10) * 1000,
  today: TODAY,
  days: days(day()),
  watermark: 1_768_000_000_000_000,
  offset: 42,
  ...more,
})
const rule = (more: object = {}) =>
  parseRule(
    {
      rule: 'loser',
      version: 1,
      mode: 'suggest',
      subject: 'campaign',
      reads: { roas: { metric: 'roas', over: '7 settled days' } },
      when: 'roas < 0.8',
      then: { action: 'CAMPAIGN_PAUSE' },
      ...more,
    },
    'test',
  )
const nobody = { account: null, platform: null }
const matches = (
  of: SubjectView,
  more: object = {},
  parents: { account: SubjectView | null; platform: SubjectView | null } = nobody,
) => new RuleSet([rule(more)]).evaluate(of, parents)
/** What is read of a view. */
const read = (
  of: SubjectView,
  metric: string,
  over?: string,
  whose?: 'account' | 'platform',
  parents = nobody as Parameters<RuleSet['evaluate']>[1],
) => {
  const reads = {
    x: { metric, ...(over ? { over } : {}), ...(whose ? { of: whose } : {}) },
    one: { metric: 'impressions', over: '35 settled days' },
  }
  const [match] = matches(
    { ...of, status: 'ACTIVE' },
    { reads, when: 'known(one) or not known(one)' },
    parents,
  )
  return match?.evidence[0]?.value
}

t.test('a match says what, why and from which figures', async t => {
  const [match] = matches(view())
  t.match(match, {
    rule: { id: 'loser', version: 1 },
    mode: 'suggest',
    entity: 'meta:a1:c1',
    scope: 'all',
    cooldown_us: 86_400_000_000,
    proposal: { type: 'CAMPAIGN_PAUSE', field: 'status', before: 'ACTIVE', after: 'PAUSED' },
  })
  t.same(match!.evidence, [
    {
      name: 'roas',
      metric: 'roas',
      of: 'self',
      window: { from: '2026-01-06', to: '2026-01-12', kind: 'settled' },
      value: 0.5,
      numerator: 350,
      denominator: 700,
      watermark: 1_768_000_000_000_000,
      offset: 42,
    },
  ])
})

t.test('windows: settled days end three days ago, complete ones yesterday', async t => {
  const dated = Object.fromEntries(
    Array.from({ length: 38 }, (_, age) => [
      addDays(TODAY, -age),
      day({ impressions: 10 ** Math.min(age, 6) }),
    ]),
  )
  const at = (over: string) => read(view({ days: dated }), 'impressions', over)
  t.equal(at('today'), 1)
  t.equal(at('1 day'), 10)
  t.equal(at('2 days'), 110)
  t.equal(at('1 settled day'), 1_000)
  t.equal(at('3 settled days'), 111_000)
  t.equal(at('35 settled days'), 111_000 + 32 * 1e6)
})

t.test('every metric of ads, of seven days', async t => {
  const values = {
    spend: 700,
    platform_revenue: 350,
    revenue: 350,
    conversions: 28,
    impressions: 70_000,
    clicks: 700,
    reach: 35_000,
    platform_roas: 0.5,
    roas: 0.5,
    cpa: 25,
    ctr: 0.01,
    cpc: 1,
    cpm: 10,
    click_conversion_rate: 0.04,
    frequency: 2,
  }
  t.same(Object.keys(METRICS).sort(), Object.keys(values).sort())
  for (const [metric, value] of Object.entries(values)) t.equal(read(view(), metric, '7 days'), value, metric)
  t.equal(read(view(), 'budget'), 100)
  t.equal(read(view(), 'budget_at_midnight'), 90)
  t.equal(read(view(), 'bid'), 2)
})

t.test('a day without a row had no delivery; a row without the figure makes the sum unknown', async t => {
  const two = { [addDays(TODAY, -1)]: day(), [addDays(TODAY, -5)]: day({ conversions_micros: null }) }
  t.equal(read(view({ days: { ...two, [addDays(TODAY, -30)]: day() } }), 'spend', '7 days'), 200)
  t.equal(read(view({ days: { ...two, [addDays(TODAY, -30)]: day() } }), 'conversions', '7 days'), null)
  t.equal(read(view({ days: { ...two, [addDays(TODAY, -30)]: day() } }), 'conversions', '2 days'), 4)
  t.equal(read(view({ days: { [addDays(TODAY, -30)]: day() } }), 'spend', '7 days'), null)
  t.equal(read(view({ days: days(day({ spend_micros: 0 })) }), 'roas', '7 days'), null)
})

t.test('money without a currency, and the budget of a whole life, are not known', async t => {
  for (const metric of ['spend', 'roas', 'cpa', 'cpm'])
    t.equal(read(view({ currency: null }), metric, '7 days'), null, metric)
  t.equal(read(view({ currency: null }), 'ctr', '7 days'), 0.01)
  for (const metric of STANDING) t.equal(read(view({ currency: null }), metric), null, metric)
  t.equal(read(view({ budget_kind: 'lifetime' }), 'budget'), null)
})

t.test('figures of its account and platform, amounts only in its own currency', async t => {
  const account = view(
    { days: days(day({ spend_micros: 400e6, revenue_micros: 800e6 })), currency: 'EUR', offset: 7 },
    'account',
  )
  const parents = { account, platform: view({}, 'platform') }
  t.equal(read(view(), 'roas', '7 days', 'account', parents), 2)
  t.equal(read(view(), 'spend', '7 days', 'account', parents), null)
  t.equal(read(view({ currency: 'EUR' }), 'spend', '7 days', 'account', parents), 2_800)
  t.equal(read(view(), 'spend', '7 days', 'platform', parents), 700)
  t.equal(read(view(), 'roas', '7 days', 'account'), null)
})

t.test('evidence that is not known matches nothing', async t => {
  t.same(matches(view({ days: {} })), [])
  t.same(matches(view({ currency: null })), [])
  t.same(
    matches(view({ days: {} }), { when: 'not known(roas)' }),
    [],
    'that nothing is known is no reason to act',
  )
})

t.test('there is nothing to do', async t => {
  for (const status of ['PAUSED', 'REMOVED', 'OTHER']) t.same(matches(view({ status })), [], status)
  const enable = { when: 'roas < 9', then: { action: 'CAMPAIGN_ENABLE' } }
  t.equal(matches(view({ status: 'PAUSED' }), enable).length, 1)
  for (const status of ['ACTIVE', 'REMOVED', 'OTHER']) t.same(matches(view({ status }), enable), [], status)
  const more = { then: { action: 'BUDGET_INCREASE', to: 100 } }
  t.same(matches(view(), more), [], 'it has that budget')
  t.same(matches(view({ budget_micros: 200e6 }), more), [], 'it has more')
  t.equal(matches(view({ budget_micros: 99e6 }), more)[0]?.proposal?.after, 100e6)
  t.same(matches(view({ status: 'PAUSED', budget_micros: 99e6 }), more), [], 'it stands still')
})

t.test('amounts are absolute, in micros', async t => {
  const after = (then: object, micros: number) =>
    matches(view({ budget_micros: micros }), { then })[0]?.proposal?.after
  t.equal(after({ action: 'BUDGET_INCREASE', by: '20%' }, 100e6), 120e6)
  t.equal(after({ action: 'BUDGET_INCREASE', by: '10%' }, 50e6), 55e6)
  t.equal(after({ action: 'BUDGET_DECREASE', by: '15%' }, 33_330_001), 28_330_501)
  t.equal(after({ action: 'BUDGET_DECREASE', to: 12.34 }, 50e6), 12_340_000)
})

t.test('without the present value nothing can be proposed, and that is said', async t => {
  const raise = { then: { action: 'BUDGET_INCREASE', by: '20%' } }
  t.match(matches(view({ budget_micros: null }), raise), [{ proposal: null }])
  t.match(matches(view({ status: null })), [{ proposal: null }])
})

t.test('the evidence a rule needs is of the metrics that it reads', async t => {
  const scope = (reads: object, when: string) => matches(view(), { reads, when })[0]?.scope
  const spend = { metric: 'spend', over: 'today' }
  t.equal(scope({ spend }, 'spend > 1'), 'delivery')
  t.equal(scope({ spend, budget: { metric: 'budget' } }, 'spend > 0.5 * budget'), 'delivery')
  t.equal(scope({ spend, roas: { metric: 'roas', over: '7 days' } }, 'spend > 1'), 'all')
  t.equal(scope({ f: { metric: 'frequency', over: '7 days' } }, 'f > 1'), 'delivery')
  t.equal(scope({ budget: { metric: 'budget' } }, 'budget > 1'), 'all')
  t.equal(matches(view(), { reads: {}, when: '1 > 0' })[0]?.scope, 'all')
})

t.test('rules are of a level and of platforms, and rest when they are off', async t => {
  const set = new RuleSet([
    rule({ rule: 'b' }),
    rule({ rule: 'off', mode: 'off' }),
    rule({ rule: 'tiktok', platforms: ['tiktok'] }),
    rule({ rule: 'both', platforms: ['meta', 'google', 'meta'] }),
    rule({ rule: 'ads', subject: 'ad', then: { action: 'CREATIVE_PAUSE' } }),
  ])
  const ids = (of: SubjectView) => set.evaluate(of, nobody).map(match => match.rule.id)
  t.same(ids(view()), ['b', 'both'])
  t.same(ids(view({}, 'ad')), ['ads'])
  t.same(ids(view({}, 'account')), [])
})

t.test('a set with a rule, without one, in whatever order they came', async t => {
  const [a, b, c] = ['a', 'b', 'c'].map(id => rule({ rule: id })) as [
    ReturnType<typeof rule>,
    ReturnType<typeof rule>,
    ReturnType<typeof rule>,
  ]
  const ids = (set: RuleSet) =>
    set.evaluate(view(), nobody).map(({ rule: { id, version } }) => `${id}${version}`)
  const set = new RuleSet([c, a])
  t.same(ids(set.with(b)), ['a1', 'b1', 'c1'])
  t.same(ids(set), ['a1', 'c1'], 'the set itself stays as it was')
  t.same(ids(set.with(rule({ rule: 'a', version: 2 }))), ['a2', 'c1'])
  t.same(ids(set.without('a').without('x')), ['c1'])
})

const amount = fc.option(fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(0, 1, 9e15)))
const figures = fc.record({
  spend_micros: amount,
  revenue_micros: amount,
  conversions_micros: amount,
  impressions: amount,
  clicks: amount,
  reach: amount,
}) as fc.Arbitrary<DayFigures>

t.test('whatever the figures, no match holds what is no number', async () => {
  const metric = fc.constantFrom(...Object.keys(METRICS))
  const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 39 }), figures), { maxLength: 12 })
  fc.assert(
    fc.property(
      metric,
      metric,
      some,
      amount,
      amount,
      fc.constantFrom('USD', null),
      (a, b, rows, budget, bid, currency) => {
        const of = view({
          days: Object.fromEntries(rows.map(([age, row]) => [addDays(TODAY, -age), row])),
          budget_micros: budget,
          bid_micros: bid,
          currency,
        })
        const reads = {
          a: { metric: a, over: '20 settled days' },
          b: { metric: b, over: '3 days', of: 'account' },
          bid: { metric: 'bid' },
        }
        const then = { action: 'BUDGET_INCREASE', by: '20%' }
        const found = matches(
          of,
          { reads, when: 'a / b > 1 or known(a) or known(bid)', then },
          { account: of, platform: of },
        )
        for (const match of found) {
          // NaN and Infinity are null in JSON.
          if (JSON.stringify(match) !== JSON.stringify(JSON.parse(JSON.stringify(match)))) return false
          for (const { value, numerator, denominator } of match.evidence)
            if ([value, numerator, denominator].some(x => x !== null && !Number.isFinite(x))) return false
          const after = match.proposal?.after ?? 0
          if (!Number.isSafeInteger(after)) return false
        }
        return true
      },
    ),
  )
})

t.test('a sum over a window is the sum of its days', async () => {
  const rows = fc.dictionary(fc.integer({ min: 0, max: 39 }).map(String), fc.integer({ min: 0, max: 1e6 }))
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 35 }), fc.boolean(), (byAge, count, isSettled) => {
      const of = view({
        days: Object.fromEntries(
          Object.entries(byAge).map(([age, clicks]) => [
            addDays(TODAY, -age),
            day({ clicks, impressions: 1 }),
          ]),
        ),
      })
      const from = isSettled ? 3 : 1
      const inside = Object.entries(byAge).filter(
        ([age]) => Number(age) >= from && Number(age) < from + count,
      )
      const sum = inside.length === 0 ? null : inside.reduce((total, [, clicks]) => total + clicks, 0)
      const found = read(of, 'clicks', `${count} ${isSettled ? 'settled ' : ''}days`)
      // Nothing at all is known of it: there is no match to read it from.
      return (found ?? null) === sum
    }),
  )
})
