import fc from 'fast-check'
import t from 'tap'
import { objectOf } from '../../../connectors/snapchat/simulator/objects.ts'
import { fromMinor, minorDigits, toMinor } from '../../../plugins/money/index.ts'
import { failure } from '../../support/failure.ts'
import { entitiesIn, house, world } from './support.ts'

type House = Awaited<ReturnType<typeof house>>

const CAMPAIGN = '781000000'
const ADSET = '7810000002000'
const AD = '78100000020003000'

/** What is different from how it began, by object. */
function changed({ platform }: House): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const [level, ids] of Object.entries({ campaigns: [CAMPAIGN], adsquads: [ADSET], ads: [AD] }))
    for (const id of ids) {
      const node = platform.tree.node(level, id)!
      const [before, after] = [objectOf(node), platform.writes.read(node)]
      const fields = Object.keys(after).filter(f => JSON.stringify(after[f]) !== JSON.stringify(before[f]))
      if (fields.length > 0) found[level] = fields.filter(f => f !== 'updated_at')
    }
  return found
}

t.test('status, budget and bid are set and read back, and nothing else is changed by it', async t => {
  const all = await house(t)
  for (const [level, id] of Object.entries({ campaign: CAMPAIGN, adset: ADSET, ad: AD })) {
    const outcome = await all.act('setStatus', { level, id, status: 'PAUSED' })
    t.same(
      outcome,
      {
        ...{ before: 'ACTIVE', wanted: 'PAUSED', after: 'PAUSED' },
        inForce: { before: { status: 'ACTIVE' }, after: { status: 'PAUSED' } },
        ...{ written: true, confirmed: true },
      },
      level,
    )
  }
  t.same(changed(all), { campaigns: ['status'], adsquads: ['status'], ads: ['status'] })
  const budget = { level: 'campaign', id: CAMPAIGN, budget_micros: 12_345_678, currency: 'USD' }
  t.match(await all.act('setBudget', budget), {
    before: { field: 'daily_budget_micro' },
    after: { field: 'daily_budget_micro', budget_micros: 12_345_678, currency: 'USD' },
    confirmed: true,
  })
  t.same(changed(all).campaigns, ['status', 'daily_budget_micro'])
  const campaigns = entitiesIn(await all.read('campaigns'))
  t.match(campaigns[0], { status: 'PAUSED', budget_micros: 12_345_678 })
})

t.test('an ad squad’s budget is set in the field it has it in, its bid where it takes one', async t => {
  const all = await house(t)
  const adsets = entitiesIn(await all.read('adsets'))
  for (const kind of ['daily', 'lifetime']) {
    const { adset_id: id } = adsets.find(s => s.budget_kind === kind)!
    const params = { level: 'adset', id, budget_micros: 7_000_001, currency: 'USD' }
    t.match(await all.act('setBudget', params), { after: { field: `${kind}_budget_micro` }, confirmed: true })
  }
  const bidding = adsets.find(s => s.bid_micros !== null)!
  const bid = { id: bidding.adset_id, bid_micros: 999_999, currency: 'USD' }
  t.match(await all.act('setBid', bid), {
    before: { bid_micros: bidding.bid_micros, strategy: 'LOWEST_COST_WITH_MAX_BID' },
    after: { bid_micros: 999_999, strategy: 'LOWEST_COST_WITH_MAX_BID' },
    confirmed: true,
  })
  const after = entitiesIn(await all.read('adsets'))
  const others = (rows: typeof adsets) => rows.map(({ budget_micros: _, bid_micros: __, ...rest }) => rest)
  t.same(others(after), others(adsets), 'whatever else they have is as it was')
})

t.test('what is in force already is not written', async t => {
  const { act, platform } = await house(t)
  const outcome = await act('setStatus', { level: 'campaign', id: CAMPAIGN, status: 'ACTIVE' })
  t.match(outcome, { written: false, confirmed: true })
  t.same(
    platform.requests.filter(r => r.startsWith('PUT')),
    [],
  )
})

t.test('a change that is read only after a while is waited for', async t => {
  const begun = performance.now()
  const now = () => 1_776_245_400_000_000 + Math.floor((performance.now() - begun) * 1000)
  const { act, platform } = await house(t, { delayMs: 400, now })
  t.match(await act('setStatus', { level: 'ad', id: AD, status: 'PAUSED' }), {
    after: 'PAUSED',
    confirmed: true,
  })
  t.equal(platform.requests.filter(r => r.startsWith('PUT')).length, 1)
})

t.test('an answer that never came: it is read back what became of it, and not sent again', async t => {
  const { act, platform } = await house(t)
  platform.faults.lose('PUT', /campaigns$/)
  t.match(await act('setStatus', { level: 'campaign', id: CAMPAIGN, status: 'PAUSED' }), {
    after: 'PAUSED',
    confirmed: true,
  })
  t.equal(platform.requests.filter(r => r.startsWith('PUT')).length, 1)
})

t.test('what the platform refuses is told in its words', async t => {
  const { act, platform } = await house(t)
  platform.faults.order(/adaccounts\/78007\/campaigns$/, {
    status: 200,
    body: {
      request_status: 'ERROR',
      campaigns: [
        { sub_request_status: 'ERROR', error_code: 'E2000', sub_request_error_reason: 'it is locked' },
      ],
    },
  })
  t.match(await failure(act('setStatus', { level: 'campaign', id: CAMPAIGN, status: 'PAUSED' })), {
    kind: 'fatal',
    message: /E2000: it is locked/,
  })
})

t.test('a change that makes no sense is refused before anything is sent', async t => {
  const { act, platform, read } = await house(t)
  const auto = entitiesIn(await read('adsets')).find(s => s.bid_micros === null)!.adset_id
  const refused: [string, object, object][] = [
    [
      'setBudget',
      { level: 'campaign', id: CAMPAIGN, budget_micros: 1, currency: 'EUR' },
      { message: /^\/currency: EUR is not the currency.*USD/ },
    ],
    [
      'setBudget',
      { level: 'campaign', id: CAMPAIGN, budget_micros: 1.5, currency: 'USD' },
      { message: /^\/budget_micros: 1.5/ },
    ],
    [
      'setBudget',
      { level: 'campaign', id: CAMPAIGN, budget_micros: 0, currency: 'USD' },
      { message: /^\/budget_micros: 0/ },
    ],
    ['setBid', { id: auto, bid_micros: 5, currency: 'USD' }, { message: /AUTO_BID/ }],
    ['setStatus', { level: 'campaign', id: 'nobody', status: 'PAUSED' }, { message: /no campaign nobody/ }],
  ]
  for (const [name, params, message] of refused) t.match(await failure(act(name, params)), message)
  t.same(
    platform.requests.filter(r => r.startsWith('PUT')),
    [],
  )
})

t.test('a campaign without a budget of its own gets none', async t => {
  const { act, platform } = await house(t)
  const node = platform.tree.node('campaigns', CAMPAIGN)!
  platform.writes.put('campaigns', '78007', { ...objectOf(node), daily_budget_micro: null })
  const params = { level: 'campaign', id: CAMPAIGN, budget_micros: 5, currency: 'USD' }
  t.match(await failure(act('setBudget', params)), { kind: 'config', message: /no budget of its own/ })
})

t.test('an object of an account that the connection is not about is left alone', async t => {
  const all = await house(t)
  const stranger = all.contextOf({ ad_account_ids: ['another'] })
  const { default: snapchat } = await import('../../../connectors/snapchat/index.ts')
  const params = { level: 'ad', id: AD, status: 'PAUSED' }
  t.match(await failure(snapchat.act('setStatus', params, stranger)), {
    kind: 'config',
    message: /none of this connection's/,
  })
})

t.test('money: minor units to the platform and back are the same, with 0, 2 and 3 decimals', async t => {
  for (const currency of ['JPY', 'USD', 'KWD']) {
    const all = await house(t, { world: world({ currency }) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9e15 / 10 ** (6 - minorDigits(currency)) }), async minor => {
        if (!Number.isSafeInteger(fromMinor(minor, currency))) return
        const budget_micros = fromMinor(minor, currency)
        const params = { level: 'campaign', id: CAMPAIGN, budget_micros, currency }
        const { after, confirmed } = await all.act('setBudget', params)
        t.ok(confirmed)
        t.equal((after as { budget_micros: number }).budget_micros, budget_micros)
        const [record] = entitiesIn(await all.read('campaigns'))
        t.equal(toMinor(record!.budget_micros!, currency), minor)
      }),
      { numRuns: 20 },
    )
    t.same(changed(all), { campaigns: ['daily_budget_micro'] })
  }
})
