import t from 'tap'
import {
  AD_KEY,
  at,
  comparable,
  connected,
  DAY,
  GROUP_KEY,
  latest,
  NOW,
  recordsOf,
  small,
  twoAdvertisers,
} from './support.ts'

const FROM = '2026-03-01'
const TO = '2026-03-20'

t.test('reports equal the ledger to the micro, deleted ads too', async t => {
  const { batches, ledger } = await connected(t)
  const ads = recordsOf(await batches('ad_reports'))
  const wanted = ledger.adDays(FROM, TO)
  t.same(comparable(ads, AD_KEY), comparable(wanted, AD_KEY))
  t.equal(wanted.length, 320)
  t.ok(wanted.some(row => row.revenue_micros === null) && wanted.some(row => row.revenue_micros! > 0))
  t.same([...new Set(ads.map(row => row.settled))], [false], 'all of it may still be restated')
  const groups = recordsOf(await batches('ad_demographics'))
  t.same(comparable(groups, GROUP_KEY), comparable(ledger.groupDays(FROM, TO), GROUP_KEY))
})

t.test('accounts, campaigns, ad groups and ads with their budgets, bids and states', async t => {
  const { batches, platform } = await connected(t)
  const { accounts, of, row } = {
    accounts: platform.entities.accounts,
    of: (level: 'campaign' | 'adgroup' | 'ad') =>
      platform.entities.of(platform.entities.accounts[0]!.id, level),
    row: (node: Parameters<typeof platform.entities.row>[0]) => platform.entities.row(node),
  }
  const [account] = recordsOf(await batches('accounts'))
  t.match(account, {
    level: 'account',
    account_id: accounts[0]!.id,
    currency: 'USD',
    zone: 'America/New_York',
  })
  const campaigns = recordsOf(await batches('campaigns'))
  t.equal(campaigns.length, 4)
  for (const node of of('campaign')) {
    const record = campaigns.find(one => one.campaign_id === node.id)!
    const has = row(node).budget_mode === 'BUDGET_MODE_DAY'
    t.equal(record.name, node.campaign.name)
    t.equal(record.budget_micros, has ? node.campaign.dailyBudgetMicros : null)
    t.equal(record.budget_kind, has ? 'daily' : null)
    t.equal(record.status, node.campaign.status)
  }
  t.ok(campaigns.some(one => one.budget_micros === null) && campaigns.some(one => one.budget_micros !== null))
  const adsets = recordsOf(await batches('adsets'))
  t.equal(adsets.length, 8)
  for (const node of of('adgroup')) {
    const record = adsets.find(one => one.adset_id === node.id)!
    t.equal(record.bid_micros, node.adset!.bidMicros, String(row(node).billing_event))
    t.equal(record.bid_strategy, row(node).bid_type)
    t.equal(record.campaign_id, node.campaign.id)
  }
  const ads = recordsOf(await batches('ads'))
  t.equal(ads.length, 16)
  const removed = ads.filter(one => one.status === 'REMOVED').map(one => one.ad_id)
  t.same(
    removed,
    of('ad')
      .filter(node => platform.entities.isDeleted(node))
      .map(node => node.id),
  )
  t.ok(removed.length > 0, 'deleted ones are read')
})

t.test('a run cut off at any state goes on there: nothing is lost and nothing comes twice', async t => {
  const { batches } = await connected(t, { world: twoAdvertisers() })
  for (const stream of ['accounts', 'campaigns', 'adsets', 'ads', 'ad_reports', 'ad_demographics']) {
    const all = await batches(stream)
    const rest = (from: number) => recordsOf(all.slice(from))
    for (const [i, { state }] of all.slice(0, -1).entries())
      t.same(
        recordsOf(await batches(stream, state)),
        rest(i + 1),
        `${stream} from state ${i + 1} of ${all.length}`,
      )
  }
})

t.test('history that was restated since is read again, and ends equal to the ledger', async t => {
  const { batches, ledger, clock } = await connected(t)
  const first = await batches('ad_reports')
  clock.now = NOW + 5 * DAY
  const second = await batches('ad_reports', first.at(-1)!.state)
  const before = latest(recordsOf(first), AD_KEY)
  const after = latest([...recordsOf(first), ...recordsOf(second)], AD_KEY)
  t.same(comparable(after, AD_KEY), comparable(ledger.adDays(FROM, '2026-03-25'), AD_KEY))
  const restated = before.filter(row => {
    const now = after.find(one => one.ad_id === row.ad_id && one.date === row.date)!
    return now.conversions_micros !== row.conversions_micros
  })
  t.ok(restated.length > 20, `${restated.length} days were restated`)
})

t.test('a day the platform will not change any more is settled', async t => {
  const { batches } = await connected(t, {
    world: small({ firstDay: '2026-02-01' }),
    config: { history_days: 40 },
  })
  const ads = recordsOf(await batches('ad_reports'))
  const unsettled = ads.filter(row => !row.settled).map(row => String(row.date))
  t.equal(unsettled.toSorted()[0], '2026-02-21', '28 days, today included')
  t.ok(ads.some(row => row.settled))
})

t.test('each advertiser has its own days, zone and currency', async t => {
  const { batches, ledger, clock } = await connected(t, { world: twoAdvertisers() })
  // In Tokyo it is the 21st already.
  clock.now = at('2026-03-20T16:30:00Z')
  const ads = recordsOf(await batches('ad_reports'))
  const lastOf = (currency: string) =>
    ads
      .filter(row => row.currency === currency)
      .map(row => String(row.date))
      .toSorted()
      .at(-1)
  t.equal(lastOf('USD'), '2026-03-20')
  t.equal(lastOf('JPY'), '2026-03-21')
  const wanted = ledger.adDays(FROM, '2026-03-21').filter(row => row.currency === 'USD' || row.date > FROM)
  t.same(comparable(ads, AD_KEY), comparable(wanted, AD_KEY))
})

t.test('an advertiser that the answer leaves out is told of, and the others are read', async t => {
  const { batches, notices, platform } = await connected(t, { world: twoAdvertisers() })
  platform.faults.isEmpty = true
  t.same(recordsOf(await batches('ads')), [])
  t.match(notices, [/does not reach advertiser 56007/, /does not reach advertiser 56008/])
})

t.test('a row that cannot be read is rejected with its reason, and the rest goes on', async t => {
  const { batches, platform } = await connected(t)
  platform.faults.drift = 'retyped'
  const read = await batches('ad_reports')
  t.same(recordsOf(read), [])
  const rejected = read.flatMap(batch => batch.rejected ?? [])
  t.equal(rejected.length, 320)
  t.match(rejected[0], {
    reason: /^clicks: \["\d+"\] is no number$/,
    origin: /^report\/integrated\/get\/ of advertiser 56007, row 1$/,
  })
  t.match(JSON.parse(rejected[0]!.bytes!.toString()), { dimensions: { ad_id: /^\d+$/ } })
})
