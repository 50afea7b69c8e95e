import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { parseDocument } from 'yaml'
import { addDays } from '../../../engine/clock/days.ts'
import type { CampaignHistory } from '../../../pipelines/allocation/model/history.ts'
import { curvesOf, propose } from '../../../pipelines/allocation/model/propose.ts'
import { type DecisionRecord, decisionKind } from '../../../pipelines/autopilot/kinds.ts'
import { libraryTexts } from '../../../pipelines/rules/library.ts'
import { gate } from '../autopilot/gate.ts'
import { ask, command } from '../commands.ts'
import { told } from '../facts.ts'
import type { Row, Told } from '../row.ts'
import { a, b, c, d, seven } from './histories.ts'
import {
  allocations,
  changeOf,
  curves,
  MONDAY,
  open,
  reportsOf,
  type Sold,
  settledAt,
  shopOf,
  standsOf,
  startOf,
} from './shop.ts'

const HOUR = 3_600_000_000
const near = (t: Test, got: number | null | undefined, wanted: number, tolerance = 1e-6) =>
  t.ok(got != null && Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)
const sold = (...histories: readonly CampaignHistory[]): Sold[] => histories.map(history => ({ history }))
const after = async (told: readonly Told[]): Promise<Row> => {
  const row = await open()
  row.feed(...told)
  return row
}

t.test('golden curves come out of daily reports', async t => {
  const row = await after(shopOf(sold(a, b, c)))
  const made = curves(row)
  t.same(
    made.map(curve => curve.campaign_id),
    ['a', 'b', 'c'],
  )
  for (const [i, [elasticity, sd, evidence]] of (
    [
      [0.583624, 0.182644, 'SHARED'],
      [0.672477, 0.176164, 'SHARED'],
      [0.611556, 0.217223, 'PRIOR'],
    ] as const
  ).entries()) {
    near(t, made[i]!.elasticity, elasticity)
    near(t, made[i]!.elasticity_sd, sd)
    near(t, made[i]!.elasticity_prior_sd, 0.217223)
    t.equal(made[i]!.evidence, evidence)
    t.equal(made[i]!.settled_until, '2026-03-29')
    t.equal(made[i]!.weeks, 12)
  }
  near(t, made[2]!.marginal, 1.317269)
  near(t, made[2]!.result_micros, 1_507_773_449, 1)
  near(t, made[2]!.result_lower_micros, 1_246_392_884, 1)
  near(t, made[2]!.result_upper_micros, 1_801_257_544, 1)
  t.match(allocations(row), [
    {
      campaigns: 3,
      held: 0,
      is_proposed: false,
      reasons: ['NO_CLEAR_GAIN'],
      currency: 'EUR',
      goal: 'REVENUE',
    },
  ])
  t.match(allocations(row)[0]!.explanation, /not clear enough: the present split stays/)
})

t.test('a clear gain is proposed: the split of the model, by the day and the minor unit', async t => {
  const row = await after(shopOf(sold(a, d)))
  const [made] = allocations(row)
  t.match(made, { is_proposed: true, reasons: [], campaigns: 2, budget_micros: 1_190_000_000 })
  const cents = (history: CampaignHistory): CampaignHistory => ({
    ...history,
    campaign: `meta:act:${history.campaign}`,
    weeks: history.weeks.map(w => ({ ...w, spend: w.spend * 100, result: w.result! * 100 })),
  })
  const candidates = [a, d].map(history => ({
    history: cents(history),
    present: 59_500,
    spentShare: 1,
    floor: null,
    ceiling: null,
    goal: 'REVENUE' as const,
    currency: 'EUR',
    gate: 'PASS' as const,
  }))
  const wanted = propose({ candidates, budget: null, dailyLimit: 0.2, margin: null, seed: '' })
  if ('reason' in wanted) return t.fail(wanted.reason)
  near(t, made!.gain_probability, wanted.gain.probability!)
  near(t, made!.gain_micros, Math.round(wanted.gain.mean * 10_000), 1)
  near(t, made!.lambda, wanted.lambda)
  t.match(curves(row), [
    { campaign_id: 'a', proposed_spend_micros: 476e6, budget_micros: 85e6, proposed_budget_micros: 68e6 },
    { campaign_id: 'd', proposed_spend_micros: 714e6, budget_micros: 85e6, proposed_budget_micros: 102e6 },
  ])
  t.match(made!.explanation, /^Moving 17\.00 EUR a day from \*Campaign a\* to \*Campaign d\* should add /)
  t.ok(curvesOf(candidates).size === 2)
})

t.test('rules propose what the split offers, and only that', async t => {
  const rule = (name: string) => parseDocument(libraryTexts()[`${name}.yaml`]!).toJS() as unknown
  const withRules = async (histories: readonly CampaignHistory[], components = {}) => {
    const row = await open()
    for (const name of ['allocate-up', 'allocate-down'])
      t.equal(ask(row, command('rule.set', { rule: rule(name) }, { event_time: startOf(MONDAY) })).code, null)
    row.feed(...shopOf(sold(...histories), { components }))
    return row.of<DecisionRecord>(decisionKind)
  }
  const made = await withRules([a, d])
  t.match(
    made.map(one => [one.rule_id, one.entity, one.before_micros, one.after_micros]),
    [
      ['allocate-down', 'meta:act:a', 85e6, 68e6],
      ['allocate-up', 'meta:act:d', 85e6, 102e6],
    ],
  )
  t.same(await withRules([a, b, c]), [], 'no clear gain')
  t.same(await withRules([a, d], { emq: null }), [], 'the gate holds')
})

t.test('an offer ends when its budget is another, when the gate shuts, and with its week', async t => {
  const row = await after(shopOf(sold(a, d)))
  const rule = parseDocument(libraryTexts()['allocate-up.yaml']!).toJS() as unknown
  const offered = async (...then: Told[]) => {
    const row = await after(shopOf(sold(a, d)))
    ask(row, command('rule.set', { rule }, { event_time: startOf(MONDAY) }))
    row.feed(...then)
    return row.of<DecisionRecord>(decisionKind).length > 0
  }
  const later = settledAt(11) + HOUR / 2
  t.ok(await offered(told.tick(later)))
  const other = standsOf({ history: d, budget: 90 })
  const changed = { ...other, value: { ...other.value, as_of: later, event_id: 'other' } }
  t.notOk(await offered(changed, told.tick(later)), 'the budget is another')
  t.notOk(await offered(gate(later + HOUR, { emq: null }), told.tick(later + HOUR)), 'the gate is shut')
  t.notOk(await offered(told.tick(settledAt(11) + 8 * 24 * HOUR)), 'its week is over')
  t.equal(allocations(row).length, 1)
})

t.test('why there is no split, or none is proposed', async t => {
  const reasons = async (some: readonly Sold[], components = {}) =>
    allocations(await after(shopOf(some, { components }))).map(one => one.reasons)
  t.same(await reasons(sold(a, d), { emq: null }), [['GATE_HOLD']])
  const blocked = await after(shopOf(sold(a, d), { components: { emq: 0, freshness: 0, variance: 0 } }))
  t.match(allocations(blocked), [{ reasons: ['GATE_BLOCKED'], gain_micros: null }])
  t.same(curves(blocked), [], 'and nothing is fitted')
  t.same(await reasons(sold(a)), [['NOTHING_TO_MOVE']])
  t.same(await reasons([{ history: a, budget: 200 }, { history: d }]), [['NOTHING_TO_MOVE']])
  const broken = a.weeks.map((week, i) => (i === 11 ? { ...week, result: week.result! * 3 } : week))
  t.same(await reasons(sold({ ...a, weeks: broken }, d)), [['RECENT_BREAK']])
  t.same(
    await reasons(sold(...seven.map(one => ({ ...one, weeks: one.weeks.map(w => ({ ...w, spend: 700 })) })))),
    [['NO_VARIATION']],
  )
  t.same(
    await reasons([{ history: a }, { history: b, currency: 'USD' }]),
    [['NOTHING_TO_MOVE'], ['NOTHING_TO_MOVE']],
    'of each currency its own',
  )
  t.same(await reasons([{ history: a, status: 'PAUSED' }]), [], 'what is paused has no budget to split')
})

t.test('campaigns that cannot be told are held, each with its reason', async t => {
  const short = { ...b, campaign: 'short', weeks: b.weeks.slice(-5) }
  const few = { ...b, campaign: 'few', weeks: b.weeks.map(w => ({ ...w, conversions: 1 })) }
  const gap = {
    ...b,
    campaign: 'gap',
    weeks: b.weeks.map(w => ({ ...w, result: w.week > 5 ? null : w.result })),
  }
  const row = await after(
    shopOf([...sold(a, d, short, few, gap), { history: { ...c, campaign: 'unspent' }, budget: 200 }]),
  )
  const held = new Map(curves(row).map(one => [one.campaign_id, one]))
  t.equal(held.get('short')!.held, 'SHORT_HISTORY')
  t.equal(held.get('few')!.held, 'FEW_CONVERSIONS')
  t.match(held.get('gap'), { held: 'SHORT_HISTORY', weeks: 6 })
  t.equal(held.get('unspent')!.held, 'NOT_BUDGET_LIMITED')
  t.ok(held.get('unspent')!.proposed_spend_micros! <= 700e6)
  for (const one of ['short', 'few', 'gap'])
    t.equal(held.get(one)!.proposed_spend_micros, held.get(one)!.spend_micros)
  t.equal(held.get('a')!.held, null)
  t.equal(allocations(row)[0]!.held, 4)
  const all = curves(row)
  const [present, proposed] = (['spend_micros', 'proposed_spend_micros'] as const).map(name =>
    all.reduce((sum, one) => sum + one[name]!, 0),
  )
  t.equal(proposed, present, 'not a cent more or less')
})

t.test('rows of several currencies are no money', async t => {
  const mixed = reportsOf({ history: b }).map(({ kind, value }, i) => ({
    kind,
    value: { ...value, currency: i % 2 === 0 ? 'EUR' : 'USD' },
  }))
  const all = shopOf(sold(a, d))
  const row = await after([...mixed, ...all])
  t.match(
    allocations(row).map(one => [one.currency, one.reasons]),
    [
      [null, ['MIXED_CURRENCY']],
      ['EUR', []],
    ],
  )
  t.match(
    curves(row).find(one => one.campaign_id === 'b'),
    { held: 'MIXED_CURRENCY', evidence: null, proposed_spend_micros: null },
  )
})

t.test('spend that follows results is told by the changes of its budget', async t => {
  const changes = (client: string | null, n: number) =>
    Array.from({ length: n }, (_, i) => changeOf({ history: a }, addDays(MONDAY, 7 * i + 1), client))
  const follows = async (...told: Told[]) => {
    const row = await after([...told, ...shopOf(sold(a, d))])
    return curves(row).find(one => one.campaign_id === 'a')!
  }
  t.match(await follows(), { follows_results: false, evidence: 'SHARED' })
  t.match(await follows(...changes('Automated Rules', 3)), { follows_results: true, evidence: 'PRIOR' })
  t.match(await follows(...changes('Ads Manager', 3)), { follows_results: false, evidence: 'SHARED' })
  t.match(await follows(...changes(null, 1)), { follows_results: true })
  const byHand = { subject: 'allocation', change: { follows_results: ['meta:act:a'] } }
  t.match(await follows(command('settings.set', byHand)), { follows_results: true, evidence: 'PRIOR' })
})

t.test('settings: experiments, margin, limits of a campaign; wrong ones are refused', async t => {
  const row = await open()
  const set = (change: object) => ask(row, command('settings.set', { subject: 'allocation', change }))
  t.match(set({ margin: 3 }), { code: 'VALIDATION_ERROR' })
  t.match(set({ incrementality: { bing: 1 } }).message, /\/incrementality\/bing is no platform/)
  t.match(set({ limits: { d: { ceiling: 3 } } }).message, /\/limits\/d is no campaign: meta:a1:c1/)
  t.match(set({ limits: { 'meta:act:d': { floor: 5, ceiling: 3 } } }).message, /above its ceiling/)
  const limits = { 'meta:act:d': { ceiling: 90 } }
  t.equal(set({ margin: 0.3, incrementality: { meta: 0.5, 'meta:act:a': 0.25 }, limits }).code, null)
  row.feed(...shopOf(sold(a, d)))
  const [made] = allocations(row)
  t.notOk(made!.reported_not_incremental)
  t.ok(made!.reasons.includes('BUDGET_TOO_LARGE'))
  const plain = curves(await after(shopOf(sold(a, d))))
  const share = (i: number) => curves(row)[i]!.result_micros! / plain[i]!.result_micros!
  near(t, share(0), 0.25)
  near(t, share(1), 0.5)
  t.equal(curves(row).find(one => one.campaign_id === 'd')!.proposed_spend_micros, 630e6)
})

t.test('it is fitted again when there is something new, and not before', async t => {
  const row = await after(shopOf(sold(a, d)))
  const at = settledAt(11)
  const count = () => allocations(row).length
  for (let i = 1; i <= 40; i++) row.feed(told.tick(at + (i * HOUR) / 4))
  t.equal(count(), 1, 'nothing is new')
  const [late] = reportsOf({
    history: a,
    change: { as_of: at, ingest_time: at, event_id: 'late', revenue_micros: 900_000_000 },
  })
  row.feed(late!, told.tick(at + 11 * HOUR))
  t.equal(count(), 1, 'one that is restated waits for the next day')
  row.feed(told.tick(at + 25 * HOUR))
  t.equal(count(), 2)
  row.feed(gate(at + 26 * HOUR, { emq: null }), told.tick(at + 26 * HOUR), told.tick(at + 26.5 * HOUR))
  t.match(allocations(row).at(-1), { reasons: ['GATE_HOLD'], revision: 3 })
  row.feed(...sold(b).flatMap(one => [standsOf(one), ...reportsOf(one)]))
  row.feed(told.tick(at + 26.7 * HOUR))
  t.equal(count(), 3, 'a campaign that came within the hour waits for its end')
  row.feed(told.tick(at + 27 * HOUR))
  t.match(allocations(row).at(-1), { campaigns: 3, revision: 4 })
  row.feed(told.tick(settledAt(12)))
  t.match(allocations(row).at(-1), { settled_until: '2026-04-05', revision: 5 })
})

t.test('a history that is ingested in pieces is fitted when it is all there', async t => {
  const at = settledAt(11)
  const row = await after(shopOf(sold(a)))
  row.feed(...sold(d).flatMap(one => [standsOf(one), ...reportsOf(one)]), told.tick(at + HOUR / 10))
  t.same(
    allocations(row).map(one => one.campaigns),
    [1],
  )
  row.feed(told.tick(at + HOUR / 5, { final: true }))
  t.match(allocations(row).at(-1), { campaigns: 2, is_proposed: true })
  row.feed(told.tick(at + HOUR / 4, { final: true }))
  t.equal(allocations(row).length, 2)
})

t.test('conversions are what is split where there is no revenue', async t => {
  const leads = (history: CampaignHistory) => ({
    ...history,
    weeks: history.weeks.map(w => ({ ...w, conversions: w.result! / 10, result: 0 })),
  })
  const row = await after(shopOf(sold(leads(a), leads(d))))
  t.match(allocations(row), [{ goal: 'CONVERSIONS', campaigns: 2 }])
  t.match(allocations(row)[0]!.explanation, /should add -?[\d.]+ conversions to [\d.]+ conversions a day/)
  const [curve] = curves(row)
  t.ok(curve!.result_micros! > 100e6 && curve!.result_micros! < 200e6, `${curve!.result_micros}`)
  t.ok(curve!.marginal! > 0.05 && curve!.marginal! < 0.3, `${curve!.marginal}`)
})

t.test('in whatever order rows arrive, and wherever batches end, it is the same split', async t => {
  const stands = sold(a, d, b).map(standsOf)
  const reports = sold(a, d, b).flatMap(reportsOf)
  const end = [gate(settledAt(11)), told.tick(settledAt(11)), told.tick(settledAt(11) + 2 * HOUR)]
  const out = (row: Row) => row.written.filter(w => w.topic === 'allocation')
  const whole = out(await after([...stands, ...reports, ...end]))
  t.equal(whole.length, 4)
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(reports, { minLength: reports.length }),
      fc.array(fc.nat(reports.length), { maxLength: 5 }),
      fc.boolean(),
      async (shuffled, at, forgetful) => {
        const row = await open({ forgetful })
        const all = [...stands, ...shuffled, ...end]
        const cuts = [...new Set([0, ...at, all.length - 1, all.length])].sort((x, y) => x - y)
        for (let i = 1; i < cuts.length; i++) row.feed(...all.slice(cuts[i - 1], cuts[i]))
        assert.deepEqual(out(row), whole)
      },
    ),
    { numRuns: 6 },
  )
  t.pass()
})

t.test(
  'nothing, less than nothing and unknown figures are answered with reasons, never with NaN',
  async t => {
    const odd = (change: object) => reportsOf({ history: b, change })
    for (const change of [
      { spend_micros: 0 },
      { spend_micros: null },
      { revenue_micros: -50_000_000 },
      { conversions_micros: null },
      { revenue_micros: null, conversions_micros: null },
    ]) {
      const row = await after([...odd(change), ...shopOf(sold(a, d))])
      t.equal(row.of({ name: 'dead_letter' } as never).length, 0)
      const text = JSON.stringify([...allocations(row), ...curves(row)], (_, x) =>
        typeof x === 'number' && !Number.isFinite(x) ? 'NOT FINITE' : x,
      )
      t.notMatch(text, /NOT FINITE/)
      t.match(
        allocations(row).find(one => one.reasons.length === 0 && one.is_proposed),
        { campaigns: Number },
        JSON.stringify(change),
      )
    }
  },
)

t.test('what is kept of a campaign and of a tenant is bounded', async t => {
  const long = { ...a, weeks: Array.from({ length: 60 }, (_, week) => ({ ...a.weeks[week % 12]!, week })) }
  const row = await after(shopOf(sold(long, d), { week: 59 }))
  t.ok(row.largest('campaign-weeks') < 5_000, `${row.largest('campaign-weeks')} bytes`)
  t.ok(row.largest('allocation') < 1_000, `${row.largest('allocation')} bytes`)
  t.equal(curves(row).find(one => one.campaign_id === 'a')!.weeks, 26)
})
