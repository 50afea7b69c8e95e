import fc from 'fast-check'
import t from 'tap'
import { adEntity } from '../../../pipelines/ad-entities/said.ts'
import { metricsOf } from '../../../pipelines/crm/model/pipeline.ts'
import { type PipelineDaily, pipelineDailyKind } from '../../../pipelines/crm/pipeline/kinds.ts'
import { contact, deal, dealStage } from '../../../pipelines/crm/said.ts'
import { saidFact } from '../../../pipelines/current/fact.ts'
import type { Said } from '../../../pipelines/current/said.ts'
import type { ContactRecord } from '../../../plugins/records/contact.ts'
import type { DealRecord } from '../../../plugins/records/deal.ts'
import { ask, command } from '../commands.ts'
import { noon, report, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'

const DAY = 1440
const said = <R extends object>(of: Said<R>, data: R, source = 'hubspot'): Told => ({
  kind: of.kind,
  value: saidFact(of, data, 'demo', source, noon(60)) as never,
})
const person = (id: string, more: Partial<ContactRecord> = {}): Told =>
  said(contact, {
    contact_id: id,
    email: null,
    phone: null,
    created_at: noon(),
    updated_at: noon(),
    stage: 'lead',
    owner_id: null,
    lead_source: 'PAID_SOCIAL',
    campaign: 'Summer',
    click_ids: { fbclid: 'x' },
    is_deleted: false,
    ...more,
  })
const sale = (id: string, contacts: string[], more: Partial<DealRecord> = {}): Told =>
  said(deal, {
    deal_id: id,
    name: null,
    pipeline: null,
    stage: 'appointmentscheduled',
    amount_micros: 1_000_000,
    currency: 'EUR',
    created_at: noon(),
    closed_at: null,
    updated_at: noon(),
    is_closed: false,
    is_won: false,
    owner_id: null,
    contact_ids: contacts,
    is_deleted: false,
    ...more,
  })
const won = { stage: 'closedwon', is_closed: true, is_won: true } as const
const lost = { stage: 'closedlost', is_closed: true, is_won: false } as const
const campaign = (id: string, name: string): Told =>
  said(
    adEntity,
    {
      ...{
        platform: 'meta',
        level: 'campaign',
        account_id: 'act',
        campaign_id: id,
        adset_id: null,
        ad_id: null,
      },
      ...{ name, status: 'ACTIVE', platform_status: null, objective: null, budget_micros: null },
      ...{
        budget_kind: null,
        bid_micros: null,
        bid_strategy: null,
        currency: 'EUR',
        zone: null,
        as_of: noon(),
      },
    },
    'meta',
  )
const spent = (micros: number | null, date = '2026-01-15', more = {}): Told =>
  told.report(report({ date, campaign_id: 'c', spend_micros: micros, ...more }))

const open = () => Row.open('tenant', 'facts')
let at = 120
const tick = () => told.tick(noon(++at))

/** The latest row of every day, platform and campaign. */
function current(row: Row): PipelineDaily[] {
  const latest = new Map<string, PipelineDaily>()
  for (const one of row.of<PipelineDaily>(pipelineDailyKind)) {
    const key = [one.date, one.platform, one.campaign_id].join()
    t.ok(one.revision > (latest.get(key)?.revision ?? 0), 'revisions grow')
    latest.set(key, one)
  }
  return [...latest.values()].sort((a, b) => ([a.date, a.platform] < [b.date, b.platform] ? -1 : 1))
}

t.test("the document's pipeline, to the digit, through the stage", async t => {
  const row = await open()
  const facts: Told[] = [campaign('c', 'Summer'), spent(3_000_000_000), spent(2_000_000_000, '2026-01-16')]
  const words = ['lead', 'marketingqualifiedlead', 'salesqualifiedlead']
  for (let i = 0; i < 150; i++) {
    const word = words[i < 45 ? 2 : i < 75 ? 1 : 0]!
    facts.push(person(`p${i}`, { created_at: noon((i % 2) * DAY), stage: word }))
    // Twenty have deals: eight are won for 500,000 cents each, eleven open for 1,000,000, one is lost.
    if (i < 8) facts.push(sale(`d${i}`, [`p${i}`], { ...won, amount_micros: 5_000_000_000 }))
    else if (i < 19) facts.push(sale(`d${i}`, [`p${i}`], { amount_micros: 10_000_000_000 }))
    else if (i < 20) facts.push(sale(`d${i}`, [`p${i}`], { ...lost, amount_micros: 99_990_000 }))
  }
  t.match(
    ask(
      row,
      command('settings.set', {
        subject: 'pipeline',
        change: { probabilities: { AppointmentScheduled: 0.5 } },
      }),
    ),
    {
      accepted: true,
    },
  )
  row.feed(...facts)
  row.feed(tick())
  const rows = current(row)
  t.equal(rows.length, 2)
  const sum = (of: (one: PipelineDaily) => number | null) => rows.reduce((all, one) => all + of(one)!, 0)
  const made = metricsOf(
    {
      counts: [
        sum(r => r.leads),
        sum(r => r.mqls),
        sum(r => r.sqls),
        sum(r => r.opportunities),
        sum(r => r.deals_won),
      ],
      open_micros: sum(r => r.open_value_micros),
      won_micros: sum(r => r.won_revenue_micros),
      weighted_micros: sum(r => r.weighted_value_micros),
      deals_without_amount: 0,
    },
    sum(r => r.spend_micros),
  )
  t.match(made, { leads: 150, mqls: 75, sqls: 45, opportunities: 20, deals_won: 8 })
  t.equal(made.pipeline_value_micros, 15_000_000 * 10_000)
  t.equal(made.won_revenue_micros, 4_000_000 * 10_000)
  t.equal(made.weighted_value_micros, 9_500_000 * 10_000)
  t.equal(made.pipeline_roas, 30)
  t.equal(made.won_roas, 8)
  t.match(rows[0], {
    platform: 'meta',
    campaign_id: 'c',
    currency: 'EUR',
    spend_currency: 'EUR',
    reason: null,
  })
})

t.test('of two reports of one instant the first touch was the one that arrived first', async t => {
  const ways = [
    { campaign: 'Winter', click_ids: { fbclid: 'x' } },
    { campaign: 'Summer', click_ids: { fbclid: 'x' } },
    { campaign: null, click_ids: { fbclid: 'x' } },
    { campaign: 'Autumn', click_ids: {} },
  ]
  for (const order of [ways, ways.toReversed()]) {
    const row = await open()
    row.feed(campaign('c', 'Summer'), campaign('w', 'Winter'), ...order.map(way => person('1', way)), tick())
    const leads = current(row).filter(one => one.leads > 0)
    t.match(leads, [{ platform: 'meta', campaign_id: 'c', leads: 1 }])
    row.feed(person('1', { campaign: 'Winter', updated_at: noon(-1) }), tick())
    t.match(
      current(row).filter(one => one.leads > 0),
      [{ campaign_id: 'w' }],
      'an earlier one is the first',
    )
  }
})

t.test('nothing spent, nothing known, other money: no return, and why', async t => {
  const reasonOf = async (...facts: Told[]) => {
    const row = await open()
    row.feed(campaign('c', 'Summer'), person('1'), ...facts)
    row.feed(tick())
    const [one] = current(row)
    t.equal(one!.pipeline_roas, null)
    t.equal(one!.won_roas, null)
    return one
  }
  t.match(await reasonOf(sale('d', ['1'])), {
    reason: 'SPEND_UNKNOWN',
    spend_micros: null,
    pipeline_value_micros: 1e6,
  })
  t.match(await reasonOf(spent(0), sale('d', ['1'])), { reason: 'NO_SPEND', spend_micros: 0 })
  t.match(await reasonOf(spent(null)), { reason: 'SPEND_UNKNOWN', spend_micros: null })
  t.match(await reasonOf(spent(5), sale('d', ['1'], { amount_micros: null, currency: null })), {
    reason: 'VALUE_UNKNOWN',
    pipeline_value_micros: null,
    deals_without_amount: 1,
    opportunities: 1,
  })
  t.match(await reasonOf(spent(5), sale('d', ['1'], { currency: 'USD' })), {
    reason: 'OTHER_CURRENCY',
    currency: 'USD',
  })
  t.match(await reasonOf(spent(5), sale('d', ['1'], { currency: 'USD' }), sale('e', ['1'])), {
    reason: 'SEVERAL_CURRENCIES',
    pipeline_value_micros: null,
    currency: null,
  })
})

t.test('who falls back stays counted; who was deleted does not', async t => {
  const row = await open()
  row.feed(person('1', { stage: 'customer' }), person('2'), sale('d', ['2'], { ...won }))
  row.feed(
    person('1', { stage: 'lead', updated_at: noon(5) }),
    sale('d', ['2'], { ...lost, updated_at: noon(5) }),
  )
  row.feed(tick())
  t.match(current(row), [{ leads: 2, deals_won: 2, won_revenue_micros: 0 }])
  row.feed(person('1', { is_deleted: true, updated_at: noon(6) }))
  row.feed(tick())
  t.match(current(row), [{ leads: 1, deals_won: 1, revision: 2 }])
})

t.test('a stage that a deal once was in counts, and what it stands for can be set afterwards', async t => {
  const row = await open()
  row.feed(person('1'), sale('d', ['1']), sale('e', ['1'], { stage: 'closedlost', is_closed: true }))
  row.feed(said(dealStage, { deal_id: 'e', stage: 'Contract Sent', entered_at: noon(1), as_of: noon(2) }))
  row.feed(tick())
  t.match(current(row), [{ opportunities: 1, deals_won: 0, weighted_value_micros: null }])
  const change = {
    deal_stages: { 'contract sent': 'deals_won' },
    contact_stages: { lead: 'mqls' },
    probabilities: { appointmentscheduled: 0.2 },
  }
  ask(row, command('settings.set', { subject: 'pipeline', change }))
  row.feed(tick())
  t.match(current(row), [
    { mqls: 1, opportunities: 1, deals_won: 1, weighted_value_micros: 200_000, revision: 2 },
  ])
  t.match(
    ask(row, command('settings.set', { subject: 'pipeline', change: { contact_stages: { x: 'client' } } })),
    {
      accepted: false,
      code: 'VALIDATION_ERROR',
    },
  )
})

t.test('only contacts that an ad brought, by the first that is known', async t => {
  const row = await open()
  row.feed(
    person('organic', { lead_source: 'SOCIAL_MEDIA' }),
    person('direct', { lead_source: null, click_ids: {}, campaign: null }),
    person('undated', { created_at: null }),
    person('search', { lead_source: 'PAID_SEARCH', click_ids: {} }),
    person('google', { lead_source: null, click_ids: { gclid: 'g' }, campaign: '42' }),
    person('google', { lead_source: null, click_ids: { ttclid: 't' }, campaign: '7', updated_at: noon(9) }),
  )
  row.feed(tick())
  t.match(current(row), [
    { platform: null, campaign_id: null, leads: 1 },
    { platform: 'google', campaign_id: null, leads: 1 },
  ])
  row.feed(
    said(
      adEntity,
      { ...(campaign('42', 'Brand').value as never as object), platform: 'google' } as never,
      'google-ads',
    ),
  )
  row.feed(tick())
  t.match(
    current(row).filter(one => one.platform === 'google'),
    [
      { campaign_id: null, leads: 0, revision: 2 },
      { campaign_id: '42', leads: 1 },
    ],
    'a campaign that becomes known later',
  )
})

t.test('facts in any order come to the same, and no stage has more than the one before', async t => {
  const facts: Told[] = [
    campaign('c', 'Summer'),
    campaign('d', 'Winter'),
    spent(5_000_000),
    spent(7_000_000, '2026-01-15', { as_of: noon(30) }),
    person('1', { stage: 'salesqualifiedlead' }),
    person('1', { stage: 'lead', updated_at: noon(3) }),
    person('2', { created_at: noon(-5), campaign: 'winter' }),
    person('3', { campaign: null, created_at: noon(DAY) }),
    person('3', { is_deleted: true, created_at: noon(DAY), updated_at: noon(4) }),
    sale('d1', ['1', '2']),
    sale('d1', ['2', '1'], { ...won, updated_at: noon(7) }),
    sale('d2', ['3', '1'], { amount_micros: 2_000_000 }),
    sale('d2', ['3'], { amount_micros: 3_000_000, updated_at: noon(8) }),
    said(dealStage, { deal_id: 'd2', stage: 'closedwon', entered_at: noon(1), as_of: noon(2) }),
  ]
  const outcome = async (order: readonly Told[]) => {
    const row = await open()
    for (const fact of order) row.feed(fact)
    row.feed(tick())
    return current(row).map(({ revision, event_id, ingest_time, ...rest }) => rest)
  }
  const nonzero = (rows: Awaited<ReturnType<typeof outcome>>) =>
    rows.filter(one => one.leads > 0 || one.spend_micros !== null)
  const expected = nonzero(await outcome(facts))
  t.match(expected, [
    { campaign_id: 'c', leads: 1, sqls: 1, opportunities: 0, spend_micros: 7_000_000 },
    { campaign_id: 'd', leads: 1, deals_won: 1, won_revenue_micros: 1_000_000 },
  ])
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(facts, { minLength: facts.length }), async order => {
      const rows = nonzero(await outcome(order))
      t.same(rows, expected)
      for (const one of rows)
        t.ok(
          one.leads >= one.mqls &&
            one.mqls >= one.sqls &&
            one.sqls >= one.opportunities &&
            one.opportunities >= one.deals_won,
        )
    }),
    { numRuns: 20 },
  )
})

t.test(
  'a day that is said again is no revision, and what follows does not hang on where batches end',
  async t => {
    const facts = [
      campaign('c', 'Summer'),
      person('1'),
      sale('d', ['1']),
      spent(5),
      tick(),
      person('1'),
      spent(5),
      tick(),
    ]
    const whole = await open()
    whole.feed(...facts)
    const single = await Row.open('tenant', 'facts', { forgetful: true })
    for (const fact of facts) single.feed(fact)
    t.equal(whole.of(pipelineDailyKind).length, 1)
    t.same(whole.of(pipelineDailyKind), single.of(pipelineDailyKind))
  },
)
