import t from 'tap'
import type { ActionOutcome } from '../../../engine/source/port.ts'
import { house, world } from './support.ts'

const all = world({ campaigns: 40, currency: 'EUR' })
const campaigns = all.accounts('google')[0]!.campaigns
const of = (objective: string) => campaigns.filter(c => c.objective === objective)
const after = (outcome: unknown) => (outcome as ActionOutcome).after as Record<string, unknown>

const setup = (t: Parameters<typeof house>[0], more = {}) =>
  house(t, { world: all, sharedBudgets: 2, ...more })

t.test(
  'status of a campaign, an ad group and an ad: written, read back, and in the history of changes',
  async t => {
    const { act, read, platform } = await setup(t, { changeShare: 0 })
    const [campaign] = campaigns
    const adset = campaign!.adsets[0]!
    const ad = adset.ads[0]!
    for (const [level, id] of Object.entries({ campaign: campaign!.id, adset: adset.id, ad: ad.id })) {
      await act('setStatus', { level, id, status: 'ACTIVE' })
      const paused = await act('setStatus', { level, id, status: 'PAUSED' })
      t.match(paused, {
        before: { status: 'ENABLED' },
        after: { status: 'PAUSED' },
        written: true,
        confirmed: true,
      })
      t.match(await act('setStatus', { level, id, status: 'PAUSED' }), { written: false, confirmed: true })
    }
    const told = (await read('changes')).records.filter(r => r.new_value === 'PAUSED')
    t.same(
      told.map(r => [r.entity, r.entity_id, r.field, r.old_value, r.client]),
      [
        ['campaign', campaign!.id, 'status', 'ENABLED', 'GOOGLE_ADS_API'],
        ['adset', adset.id, 'status', 'ENABLED', 'GOOGLE_ADS_API'],
        ['ad', ad.id, 'status', 'ENABLED', 'GOOGLE_ADS_API'],
      ],
    )
    t.match(
      platform.requests.find(r => r.includes('adGroupAds:mutate')),
      /^POST/,
    )
    t.match(await act('setStatus', { level: 'ad', id: `${adset.id}~${ad.id}`, status: 'ACTIVE' }), {
      confirmed: true,
    })
  },
)

t.test('budgets of a day and of all days are set in their own fields; a shared one is refused', async t => {
  const { act, read } = await setup(t)
  const { records } = await read('campaigns')
  for (const kind of ['daily', 'lifetime']) {
    const { campaign_id: id } = records.find(r => r.budget_kind === kind)!
    const outcome = await act('setBudget', {
      level: 'campaign',
      id,
      budget_micros: 123_450_000,
      currency: 'EUR',
    })
    t.match(outcome, { written: true, confirmed: true }, kind)
    t.equal(after(outcome).micros, 123_450_000)
    const again = (await read('campaigns')).records.find(r => r.campaign_id === id)
    t.match(again, { budget_micros: 123_450_000, budget_kind: kind, budget_is_shared: false })
  }
  const shared = records.filter(r => r.budget_is_shared)
  t.equal(shared.length, 2)
  t.equal(shared[0]!.budget_id, shared[1]!.budget_id)
  t.equal(shared[0]!.budget_micros, null, 'it is none of the campaign’s own')
  t.equal(shared[0]!.shared_budget_micros, shared[1]!.shared_budget_micros)
  const before = (await read('campaigns')).records.find(r => r.campaign_id === shared[0]!.campaign_id)
  await t.rejects(
    act('setBudget', {
      level: 'campaign',
      id: shared[0]!.campaign_id,
      budget_micros: 1_000_000,
      currency: 'EUR',
    }),
    {
      kind: 'config',
      message: /shared budget \d+ of 2 campaigns, .* EUR: changing it would move the others too/,
    },
  )
  t.equal(
    (await read('campaigns')).records.find(r => r.campaign_id === shared[0]!.campaign_id)!
      .shared_budget_micros,
    before!.shared_budget_micros,
  )
})

t.test('a bid goes where the strategy looks for it; one that takes none says so', async t => {
  const { act, read, platform } = await setup(t)
  const bid = (id: string) => act('setBid', { id, bid_micros: 1_230_000, currency: 'EUR' })
  const manual = of('traffic')[0]!.adsets[0]!.id
  t.match(await bid(manual), { after: { field: 'cpc_bid_micros', micros: 1_230_000 }, confirmed: true })
  const target = of('leads')[0]!.adsets[0]!.id
  t.match(await bid(target), { after: { field: 'target_cpa_micros', micros: 1_230_000 }, confirmed: true })
  const found = (await read('adsets')).records
  for (const id of [manual, target]) t.equal(found.find(r => r.adset_id === id)!.bid_micros, 1_230_000)
  await t.rejects(bid(of('awareness')[0]!.adsets[0]!.id), {
    kind: 'config',
    message: /TARGET_SPEND, which takes no bid/,
  })
  const maximised = await Promise.allSettled(of('sales').map(c => bid(c.adsets[0]!.id)))
  for (const outcome of maximised)
    if (outcome.status === 'rejected')
      t.match(outcome.reason.message, /without a target: set one for the campaign first/)
  t.ok(platform.requests.some(r => r.includes('adGroups:mutate')))
})

t.test('what may not be is refused before anything is sent', async t => {
  const { act, platform } = await setup(t)
  const { id, adsets } = campaigns[0]!
  const budget = (over: object) =>
    act('setBudget', { level: 'campaign', id, budget_micros: 5_000_000, currency: 'EUR', ...over })
  const cases: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
    [() => budget({ currency: 'USD' }), /\/currency: USD is not the currency of the account: it is EUR/],
    [() => budget({ budget_micros: 5_000_001 }), /no whole number of its minor unit/],
    [() => budget({ level: 'adset', id: adsets[0]!.id }), /ad groups have no budget on Google Ads/],
    [() => budget({ id: "1' OR campaign.id > '0" }), /is no id of Google Ads/],
    [() => act('setStatus', { level: 'campaign', id: '1~2', status: 'PAUSED' }), /is no id/],
    [() => act('setStatus', { level: 'ad', id: '404', status: 'PAUSED' }), /there is no ad 404 in account/],
  ]
  for (const [work, words] of cases) await t.rejects(work(), { message: words })
  t.notOk(platform.requests.some(r => r.includes(':mutate')))
})

t.test('what was written is read later, and waited for', async t => {
  let at = Date.parse('2026-04-15T09:30:00Z') * 1000
  // Every look at the clock takes 50 ms.
  const now = () => (at += 50_000)
  const { act } = await setup(t, { now, delayMs: 800 })
  const { id } = campaigns[1]!
  await act('setStatus', { level: 'campaign', id, status: 'ACTIVE' })
  t.match(await act('setStatus', { level: 'campaign', id, status: 'PAUSED' }), {
    written: true,
    confirmed: true,
  })
})
