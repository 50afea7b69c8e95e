import fc from 'fast-check'
import t from 'tap'
import { adEntity } from '../../../pipelines/ad-entities/said.ts'
import { saidFact } from '../../../pipelines/current/fact.ts'
import { checkDefinition } from '../../../pipelines/experiments/check.ts'
import {
  type ExperimentResultRow,
  type ExperimentSeen,
  experimentKind,
  experimentPartKind,
  experimentResultKind,
  experimentSeenKind,
} from '../../../pipelines/experiments/kinds.ts'
import { ask, command } from '../commands.ts'
import { event, noon, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'

const DAY = 1440
const arms = [
  { name: 'control', control: true, split_pct: 50, values: ['a'] },
  { name: 'blue', split_pct: 50, values: ['b'] },
]
const buttons = { name: 'Buttons', parameter: 'exp_button', arms, baseline_rate: 0.05, mde: 0.1 }
const asked = (what: string, more = {}, at = 0) =>
  command(`experiment.${what}`, { experiment: 'x', ...more }, { role: 'MANAGER', event_time: noon(at) })
const defined = (definition: object) => asked('create', { definition })

/** The three tasks that an experiment goes through, each over one partition. */
async function house(definition: object = buttons) {
  const tenant = await Row.open('tenant', 'facts')
  const people = await Row.open('person', 'persons')
  const results = await Row.open('experiments', 'experiment-parts')
  const ofTopic = (topic: string, written: ReturnType<Row['feed']>): Told[] =>
    written.filter(one => one.topic === topic).map(({ kind, value }) => ({ kind, value }))
  const feed = (...facts: Told[]) => {
    const out = tenant.feed(...facts)
    results.feed(...ofTopic('experiment-parts', people.feed(...ofTopic('persons', out))))
  }
  const step = (...args: Parameters<typeof asked>) => {
    const before = tenant.written.length
    const answer = ask(tenant, asked(...args))
    const told = ofTopic('persons', tenant.written.slice(before))
    results.feed(...ofTopic('experiment-parts', people.feed(...told)))
    return answer
  }
  t.match(ask(tenant, defined(definition)), { accepted: true })
  return {
    tenant,
    people,
    results,
    feed,
    step,
    rows: () => results.of<ExperimentResultRow>(experimentResultKind),
  }
}

let n = 0
const seen = (person: string, value: string | null, minutes: number, name = 'page_view') =>
  told.event(
    event({
      ...{ event_id: `e${++n}`, event_time: noon(minutes), person_key: person, session_key: null },
      ...{ event_name: name, variants: value === null ? null : JSON.stringify({ exp_button: value }) },
    }),
  )

t.test("the specification's example, to the digit, through the stages", async t => {
  const { step, people, results, rows, tenant } = await house({ ...buttons, baseline_rate: null, mde: null })
  t.match(step('start'), { accepted: true, message: 'it is RUNNING' })
  t.match(tenant.of(experimentKind), [])
  // As the tenant's task writes them: 500 of 10,000 against 560 of 10,000.
  const person = (i: number, arm: string, converts: boolean): Told[] => {
    const value = { tenant_id: 'demo', ingest_time: noon(), experiment_id: 'x', person_key: `${arm}${i}` }
    const exposed = { ...value, event_id: `${arm}${i}`, event_time: noon(1), arm, converts: false }
    const bought = { ...value, event_id: `${arm}${i}!`, event_time: noon(2), arm: null, converts: true }
    return [exposed, ...(converts ? [bought] : [])].map(one => ({
      kind: experimentSeenKind.name,
      value: one,
    }))
  }
  const all = Array.from({ length: 10_000 }, (_, i) => [
    ...person(i, 'control', i < 500),
    ...person(i, 'blue', i < 560),
  ]).flat()
  people.feed(...all)
  const part = people.feed(told.tick(noon(8 * DAY))).filter(one => one.kind === experimentPartKind.name)
  results.feed(...part)
  const [control, blue] = rows().slice(-2)
  t.match(control, { arm: 'control', users: 10_000, conversions: 500, reason: 'CONTROL', rate: 0.05 })
  t.equal(blue!.p_value!.toFixed(12), '0.058257806034')
  t.equal(blue!.ci_lower!.toFixed(9), '-0.000212667')
  t.equal(blue!.ci_upper!.toFixed(9), '0.012222356')
  t.equal(blue!.effect_size_h!.toFixed(9), '0.026792085')
  t.match(blue, {
    users: 10_000,
    conversions: 560,
    winner: false,
    srm_p: 1,
    peeking_safe: false,
    flags: [],
    reason: null,
  })
  t.equal(people.largest('experiment-members') < 200, true, 'little is kept of a person')
})

t.test('before the sample is reached only what may be looked at every day is shown', async t => {
  const { step, feed, rows } = await house()
  step('start')
  for (let i = 0; i < 40; i++)
    feed(seen(`p${i}`, i % 2 ? 'a' : 'b', 1), seen(`p${i}`, null, 2, i < 20 ? 'purchase' : 'scroll'))
  feed(told.tick(noon(9 * DAY)))
  const blue = rows().at(-1)!
  t.match(blue, {
    ...{ arm: 'blue', users: 20, conversions: 10, required_users: 31_234, reason: 'SAMPLE_NOT_REACHED' },
    ...{ p_value: null, p_holm: null, ci_lower: null, power: null, winner: null, peeking_safe: true },
  })
  t.type(blue.sequential_lower, 'number')
  t.match(step('complete', {}, 10 * DAY), { accepted: true })
  t.match(rows().at(-1), { state: 'COMPLETED', flags: ['UNDERPOWERED'], p_value: null })
})

t.test('an arm without anybody, and a split that is not as it was meant', async t => {
  const { step, feed, rows } = await house({
    ...buttons,
    baseline_rate: null,
    mde: null,
    minimum_sample_size: 1,
  })
  step('start')
  feed(seen('p', 'a', 1), told.tick(noon(9 * DAY)))
  t.match(rows(), [
    { arm: 'control', users: 1, rate: 0 },
    { arm: 'blue', users: 0, rate: null, difference: null, reason: 'NO_USERS', sequential_lower: null },
  ])
  for (let i = 0; i < 60; i++) feed(seen(`q${i}`, i < 8 ? 'b' : 'a', 1))
  feed(told.tick(noon(10 * DAY)))
  t.match(rows().at(-1), {
    users: 8,
    flags: ['INVALID_SRM'],
    winner: null,
    reason: 'NO_VARIANCE',
    p_value: null,
  })
})

const started = (definition: object): Told => ({
  kind: experimentKind.name,
  value: {
    ...{
      tenant_id: 'demo',
      event_id: 'x',
      event_time: noon(),
      ingest_time: noon(),
      experiment_id: 'x',
      revision: 1,
    },
    ...{
      state: 'RUNNING',
      phases: [{ from: noon(), to: null }],
      ended_at: null,
      actor: 'anna',
      reason: null,
    },
    definition: JSON.stringify(checkDefinition(definition, true).definition),
  },
})
const part = (of: number, counts: Record<string, readonly [users: number, conversions: number]>): Told => ({
  kind: experimentPartKind.name,
  value: {
    ...{
      tenant_id: 'demo',
      event_id: `p${++n}`,
      event_time: noon(8 * DAY),
      ingest_time: noon(),
      experiment_id: 'x',
      part: of,
    },
    arms: Object.keys(counts),
    users: Object.values(counts).map(([users]) => users),
    conversions: Object.values(counts).map(([, conversions]) => conversions),
  },
})

t.test('what partitions of people counted last is added up; several arms are Holm-adjusted', async t => {
  const third = { name: 'red', split_pct: 50, values: ['c'] }
  const three = [arms[0], { ...arms[1], split_pct: 25 }, { ...third, split_pct: 25 }]
  const row = await Row.open('experiments', 'experiment-parts')
  row.feed(
    started({ name: 'Three', parameter: 'exp_button', arms: three }),
    part(0, { control: [1_000, 40], blue: [2_000, 100] }),
    part(1, { control: [12_000, 640], blue: [5_000, 250], red: [10_000, 700] }),
    part(0, { control: [8_000, 360], blue: [5_000, 260] }),
  )
  const rows = row.of<ExperimentResultRow>(experimentResultKind).slice(-3)
  t.match(rows, [
    { arm: 'control', users: 20_000, conversions: 1_000, revision: 3, srm_p: 1 },
    { arm: 'blue', users: 10_000, conversions: 510, winner: false },
    { arm: 'red', users: 10_000, conversions: 700, winner: true, flags: [] },
  ])
  t.equal(rows[2]!.p_holm, Math.min(1, 2 * rows[2]!.p_value!))
  t.equal(rows[1]!.p_holm, rows[1]!.p_value)
})

t.test("a broken split of the specification's table: nobody wins", async t => {
  const row = await Row.open('experiments', 'experiment-parts')
  row.feed(
    started({ ...buttons, baseline_rate: null, mde: null }),
    part(0, { control: [1_000, 10], blue: [1_200, 90] }),
  )
  const blue = row.of<ExperimentResultRow>(experimentResultKind).at(-1)!
  t.match(blue, { flags: ['INVALID_SRM'], winner: null, peeking_safe: false })
  t.equal(blue.srm_p.toExponential(8), '2.00786561e-5')
})

t.test('a person belongs to the arm first seen, whatever order events come in', async t => {
  const events = [
    seen('anna', 'b', 5),
    seen('anna', 'a', 3),
    seen('anna', null, 4, 'purchase'),
    seen('bert', null, 2, 'purchase'),
    seen('bert', 'b', 6),
    seen('carl', 'b', 1),
    seen('carl', null, 7, 'purchase'),
    seen('early', 'a', -1),
    seen('other', 'c', 5),
  ]
  const outcome = async (order: readonly Told[]) => {
    const { step, feed, rows } = await house()
    step('start')
    for (const one of order) feed(one)
    feed(told.tick(noon(DAY)))
    return rows().map(({ arm, users, conversions }) => [arm, users, conversions])
  }
  const expected = [
    ['control', 1, 1],
    ['blue', 2, 1],
  ]
  t.same(
    await outcome(events),
    expected,
    'who bought before is no conversion; before the start nobody counts',
  )
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async order => {
      t.same(await outcome(order), expected)
    }),
    { numRuns: 4 },
  )
})

t.test('ads and ad sets as arms; while it is paused nobody is taken in', async t => {
  const byAds = [
    { name: 'old', control: true, split_pct: 50, ads: ['1'] },
    { name: 'new', split_pct: 50, adsets: ['s'] },
  ]
  const { step, feed, tenant, rows } = await house({ name: 'Ads', arms: byAds })
  const ids = {
    platform: 'meta',
    level: 'ad',
    account_id: 'act',
    campaign_id: 'c',
    adset_id: 's',
    ad_id: '2',
  } as const
  const rest = {
    name: null,
    status: 'ACTIVE',
    platform_status: null,
    objective: null,
    budget_micros: null,
  } as const
  const more = {
    budget_kind: null,
    bid_micros: null,
    bid_strategy: null,
    currency: null,
    zone: null,
    as_of: noon(),
  }
  feed({
    kind: adEntity.kind,
    value: saidFact(adEntity, { ...ids, ...rest, ...more }, 'demo', 'meta', noon()) as never,
  })
  step('start')
  const brought = (person: string, ad: string, minutes: number) => {
    const fact = seen(person, null, minutes)
    return { ...fact, value: { ...fact.value, page_location: `https://shop.example/?utm_content=${ad}` } }
  }
  feed(brought('anna', '1', 1), brought('bert', '2', 1), brought('carl', '3', 1))
  step('pause', {}, 10)
  feed(brought('dora', '1', 11), seen('anna', null, 12, 'purchase'))
  step('resume', {}, 20)
  feed(brought('emil', '1', 21), told.tick(noon(DAY)))
  t.match(rows(), [
    { arm: 'old', users: 2, conversions: 1 },
    { arm: 'new', users: 1, conversions: 0 },
  ])
  t.match(
    tenant.of<ExperimentSeen>(experimentSeenKind).map(one => one.person_key),
    ['anna', 'bert', 'anna', 'emil'],
  )
})

t.test('an arm called __proto__ was taken, and all its people were lost', async t => {
  const named = (name: string) => [arms[0], { ...arms[1], name }]
  const { feed, step, rows, tenant } = await house({ ...buttons, arms: named('constructor') })
  t.match(
    ask(tenant, asked('create', { experiment: 'y', definition: { ...buttons, arms: named('__proto__') } })),
    { accepted: false, code: 'VALIDATION_ERROR', message: /^\/arms\/1\/name __proto__ is no name.*another$/ },
  )
  t.match(step('update', { definition: { arms: named('__proto__') } }), { code: 'VALIDATION_ERROR' })
  t.match(step('start'), { accepted: true }, 'any other name is one')
  feed(seen('p', 'a', 1), seen('q', 'b', 1), told.tick(noon(DAY)))
  t.match(rows().slice(-2), [
    { arm: 'control', users: 1 },
    { arm: 'constructor', users: 1 },
  ])
  const before = { definition: { ...buttons, arms: named('__proto__') } }
  t.match(checkDefinition(before.definition, true).problems, [/^\/arms\/1\/name/], 'nor is one started')
})

t.test('its life: who may do what, and what cannot be', async t => {
  const { step, tenant } = await house()
  const refused = (answer: ReturnType<typeof step>, code: string, why: RegExp) =>
    t.match(answer, { accepted: false, code, message: why })
  refused(ask(tenant, defined(buttons)), 'CONFLICT', /there is an experiment/)
  refused(step('pause'), 'INVALID_STATE', /it is DRAFT: pause takes RUNNING/)
  refused(
    ask(tenant, command('experiment.start', { experiment: 'x' }, { role: 'ANALYST' })),
    'FORBIDDEN',
    /takes MANAGER/,
  )
  refused(
    ask(tenant, command('experiment.start', { experiment: 'x' }, { role: 'SYSTEM' })),
    'FORBIDDEN',
    /takes MANAGER/,
  )
  refused(
    ask(tenant, command('experiment.start', { experiment: 'constructor' })),
    'NOT_FOUND',
    /no experiment/,
  )
  refused(ask(tenant, command('experiment.start', { experiment: '__proto__' })), 'VALIDATION_ERROR', /its id/)
  const change = (definition: object) => step('update', { definition })
  refused(change({ parameter: 'color' }), 'VALIDATION_ERROR', /"color" is not kept/)
  refused(change({ mde: 30 }), 'VALIDATION_ERROR', /not between 0 and 1/)
  t.match(change({ arms: [arms[0]] }), { accepted: true }, 'a draft may be half done')
  refused(step('start'), 'VALIDATION_ERROR', /at least two.*100 per cent/)
  t.match(change({ arms: [arms[0], { ...arms[1], values: ['a'] }] }), { accepted: true })
  refused(step('start'), 'VALIDATION_ERROR', /"a" is twice among their values/)
  t.match(change({ arms }), { accepted: true })
  t.match(step('start'), { accepted: true })
  refused(change({ metric: 'lead' }), 'INVALID_STATE', /only its name and description/)
  t.match(change({ description: 'which one' }), { accepted: true })
  refused(step('delete'), 'INVALID_STATE', /only a DRAFT/)
  refused(step('stop'), 'VALIDATION_ERROR', /say why/)
  t.match(ask(tenant, command('experiment.stop', { experiment: 'x' }, { reason: 'broken' })), {
    message: 'it is STOPPED',
  })
  refused(step('resume'), 'INVALID_STATE', /it is STOPPED/)
  refused(change({ name: 'again' }), 'INVALID_STATE', /for ever/)
  for (let i = 0; i < 20; i++)
    t.match(ask(tenant, command('experiment.create', { experiment: `y${i}`, definition: buttons })), {
      accepted: true,
    })
  refused(
    ask(tenant, command('experiment.create', { experiment: 'z', definition: buttons })),
    'CONFLICT',
    /not over/,
  )
})

t.test('what follows does not hang on where batches end', async t => {
  const facts = [defined(buttons), asked('start'), seen('anna', 'a', 1), seen('anna', null, 2, 'purchase')]
  const [whole, single] = [
    await Row.open('tenant', 'facts'),
    await Row.open('tenant', 'facts', { forgetful: true }),
  ]
  whole.feed(...facts)
  for (const fact of facts) single.feed(fact)
  t.equal(whole.of(experimentSeenKind).length, 2)
  t.same(whole.of(experimentSeenKind), single.of(experimentSeenKind))
  t.same(whole.of(experimentKind), single.of(experimentKind))
  const people = (row: Row) =>
    [
      ...whole.of(experimentSeenKind).map(value => ({ kind: 'experiment_seen', value })),
      told.tick(noon(DAY)),
      told.tick(noon(DAY + 1)),
    ].map(one => [one, row] as const)
  const [a, b] = [
    await Row.open('person', 'persons'),
    await Row.open('person', 'persons', { forgetful: true }),
  ]
  a.feed(...people(a).map(([one]) => one as Told))
  for (const [one] of people(b)) b.feed(one as Told)
  t.equal(a.of(experimentPartKind).length, 1)
  t.same(a.of(experimentPartKind), b.of(experimentPartKind))
})
