import t from 'tap'
import { ledgerOf } from '../../../connectors/snapchat/simulator/ledger.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { asLedger, HOUR, house, midnight, NOW, reportsIn, sorted, world } from './support.ts'

t.test('ninety days over the change of clocks are the ledger, to the micro', async t => {
  const all = world()
  const { read, platform } = await house(t, { world: all, statsPage: 3 })
  const found = await read('ad_reports')
  t.same(found.rejected, [])
  t.same(asLedger(reportsIn(found)), sorted(ledgerOf(all, '2026-01-16', '2026-04-15', NOW)))
  t.ok(found.records.length > 800)
  const days = new Set(
    platform.requests
      .map(r => /start_time=([^&]+)&end_time=([^&]+)/.exec(r))
      .filter(m => m)
      .map(m => decodeURIComponent(`${m![1]} ${m![2]}`)),
  )
  t.ok(days.has('2026-03-19T00:00:00+01:00 2026-04-16T00:00:00+02:00'), 'midnights before and after')
  t.ok(
    found.records.some(r => r.date === '2026-03-29'),
    'the day of 23 hours',
  )
})

t.test('the day of 25 hours is one day', async t => {
  const all = world({ firstDay: '2025-10-01' })
  const at = Date.parse('2025-11-02T12:00:00Z') * 1000
  const { read } = await house(t, { world: all, now: () => at })
  const found = reportsIn(await read('ad_reports', null, { history_days: 31 }))
  t.same(asLedger(found), sorted(ledgerOf(all, '2025-10-03', '2025-11-02', at)))
  t.equal(found.filter(r => r.date === '2025-10-26').length, 12, 'an ad each')
})

t.test('cut off at any state: the rest comes, and nothing twice', async t => {
  const { read } = await house(t, { world: world({ campaigns: 2 }), statsPage: 1, maxPage: 3 })
  const keyOf = (row: Readonly<Record<string, unknown>>) =>
    [row.account_id, row.campaign_id, row.adset_id, row.ad_id, row.date].join()
  for (const stream of ['accounts', 'campaigns', 'adsets', 'ads', 'ad_reports']) {
    const all = await read(stream, null, { history_days: 40 })
    const keys = all.records.map(keyOf)
    t.equal(new Set(keys).size, keys.length, stream)
    for (const [i, state] of all.states.slice(0, -1).entries()) {
      const rest = await read(stream, state, { history_days: 40 })
      t.same(rest.records.map(keyOf), keys.slice(all.counts[i]), `${stream} from ${JSON.stringify(state)}`)
    }
  }
})

t.test('restated history is read again, and settles when nothing can change any more', async t => {
  const all = world()
  const { read, clock } = await house(t, { world: all })
  const first = await read('ad_reports', null, { history_days: 60 })
  const settled = (found: typeof first) => {
    const days = reportsIn(found)
      .filter(r => r.settled)
      .map(r => r.date)
    return days.sort().at(-1)
  }
  t.equal(settled(first), '2026-03-17', '28 days before today, not counting today')
  clock.at += 2 * 24 * HOUR
  const second = await read('ad_reports', first.states.at(-1), { history_days: 60 })
  t.equal(
    reportsIn(second)
      .map(r => r.date)
      .sort()[0],
    '2026-03-17',
  )
  const merged = new Map(asLedger(reportsIn(first)).map(r => [`${r.ad_id} ${r.date}`, r]))
  for (const row of asLedger(reportsIn(second))) merged.set(`${row.ad_id} ${row.date}`, row)
  t.same(sorted([...merged.values()]), sorted(ledgerOf(all, '2026-02-15', '2026-04-17', clock.at)))
  t.notSame(
    asLedger(reportsIn(first)).filter(r => r.date === '2026-04-12'),
    asLedger(reportsIn(second)).filter(r => r.date === '2026-04-12'),
    'conversions came in meanwhile',
  )
})

t.test('with short windows a day settles as soon as its delivery is final', async t => {
  const { read } = await house(t)
  const windows = { swipe_up_attribution_window: '1_DAY', view_attribution_window: '1_HOUR' }
  const found = reportsIn(await read('ad_reports', null, { ...windows, history_days: 10 }))
  t.equal(
    found
      .filter(r => r.settled)
      .map(r => r.date)
      .sort()
      .at(-1),
    '2026-04-12',
  )
})

/** Two accounts in one world; what is the second's has another name. */
function joined(a: AdWorld, b: AdWorld): AdWorld {
  const named = <T extends { id: string }>(thing: T): T => ({ ...thing, id: `b-${thing.id}` })
  const second = b.accounts('snapchat').map(account => ({
    ...named(account),
    campaigns: account.campaigns.map(campaign => ({
      ...named(campaign),
      adsets: campaign.adsets.map(adset => ({ ...named(adset), ads: adset.ads.map(named) })),
    })),
  }))
  return {
    ...a,
    accounts: platform => [...a.accounts(platform), ...second],
    adDay: (platform, id, day, asOf) =>
      id.startsWith('b-') ? b.adDay(platform, id.slice(2), day, asOf) : a.adDay(platform, id, day, asOf),
  }
}

t.test('accounts in zones half a world apart: each has its own days', async t => {
  const both = joined(
    world({ zone: 'Pacific/Auckland', currency: 'NZD', campaigns: 1 }),
    world({ seed: 8, zone: 'America/Los_Angeles', currency: 'USD', campaigns: 1 }),
  )
  const at = midnight('2026-04-16', 'Pacific/Auckland') + HOUR
  const { read } = await house(t, { world: both, now: () => at })
  const found = await read('ad_reports', null, { history_days: 30 })
  const last = (currency: string) =>
    reportsIn(found)
      .filter(r => r.currency === currency)
      .map(r => r.date)
      .sort()
      .at(-1)
  t.equal(last('NZD'), '2026-04-16')
  t.equal(last('USD'), '2026-04-15')
  const wanted = [...ledgerOf(both, '2026-03-17', '2026-04-16', at)].filter(
    r => r.date >= (r.currency === 'NZD' ? '2026-03-18' : '2026-03-17'),
  )
  t.same(asLedger(reportsIn(found)), sorted(wanted))
})

t.test('a campaign that is gone between the list and its statistics is left out, with a word', async t => {
  const { read, platform, notices } = await house(t)
  platform.faults.order(/campaigns\/781000001\/stats/, {
    status: 404,
    body: { request_status: 'ERROR', error_code: 'E3003', debug_message: 'Resource can not be found' },
  })
  const found = reportsIn(await read('ad_reports', null, { history_days: 3 }))
  t.same([...new Set(found.map(r => r.campaign_id))].sort(), ['781000000', '781000002'])
  t.match(notices, [/campaign 781000001 was listed and is not there any more/])
})

t.test('statistics that are refused in an entry are a rejected row, the rest is read', async t => {
  const { read, platform } = await house(t)
  const sub_request_status = 'ERROR'
  platform.faults.order(/campaigns\/781000001\/stats/, {
    status: 200,
    body: {
      request_status: 'ERROR',
      timeseries_stats: [{ sub_request_status, sub_request_error_reason: 'no statistics now' }],
    },
  })
  const found = await read('ad_reports', null, { history_days: 3 })
  t.match(found.rejected, [{ reason: /"ERROR": no statistics now/, origin: /campaign 781000001/ }])
  t.same([...new Set(reportsIn(found).map(r => r.campaign_id))].sort(), ['781000000', '781000002'])
})

t.test('campaigns that are not listed are told of: what they report is missing', async t => {
  const { read, platform, notices } = await house(t)
  platform.faults.refused.add('781000001')
  const found = reportsIn(await read('ad_reports', null, { history_days: 3 }))
  t.same([...new Set(found.map(r => r.campaign_id))].sort(), ['781000000', '781000002'])
  t.match(notices, [/refuses to list 1 of the objects of ad account 78007/])
})

t.test('a link of before that is not known any more: the campaign is read from its first page', async t => {
  const { read, platform } = await house(t, { world: world({ campaigns: 1 }), statsPage: 1 })
  const all = await read('ad_reports', null, { history_days: 5 })
  platform.faults.order(/cursor=/, {
    status: 400,
    body: { request_status: 'ERROR', error_code: 'E1000', debug_message: 'cursor is not valid' },
  })
  const rest = await read('ad_reports', all.states[1], { history_days: 5 })
  t.same(asLedger(reportsIn(rest)), asLedger(reportsIn(all)))
})
