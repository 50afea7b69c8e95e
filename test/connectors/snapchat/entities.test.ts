import t from 'tap'
import { accountOf } from '../../../connectors/snapchat/api/account.ts'
import { type Envelope, outcomesOf } from '../../../connectors/snapchat/api/envelope.ts'
import { BadRow } from '../../../connectors/snapchat/fields.ts'
import { adRecord, adsetRecord, campaignRecord } from '../../../connectors/snapchat/streams/entities.ts'
import { entitiesIn, house, NOW, world } from './support.ts'

const account = accountOf({ id: 'a', name: 'A', currency: 'EUR', timezone: 'Europe/Berlin' })

t.test('objects of every level come with their parents, amounts and the account’s currency', async t => {
  const all = world()
  const { read } = await house(t, { world: all, maxPage: 3 })
  const [theirs] = all.accounts('snapchat')
  const accounts = entitiesIn(await read('accounts'))
  t.match(accounts, [{ level: 'account', account_id: theirs!.id, currency: 'USD', zone: 'Europe/Berlin' }])
  const campaigns = entitiesIn(await read('campaigns'))
  t.same(
    campaigns.map(c => [c.campaign_id, c.name, c.status, c.budget_micros, c.budget_kind]),
    theirs!.campaigns.map(c => [c.id, c.name, c.status, c.dailyBudgetMicros, 'daily']),
  )
  const adsets = entitiesIn(await read('adsets'))
  t.same(
    adsets.map(s => [s.adset_id, s.campaign_id, s.bid_micros]),
    theirs!.campaigns.flatMap(c => c.adsets.map(s => [s.id, c.id, s.bidMicros])),
  )
  t.same([...new Set(adsets.map(s => s.budget_kind))].sort(), ['daily', 'lifetime'])
  const ads = entitiesIn(await read('ads'))
  t.same(
    ads.map(a => [a.ad_id, a.adset_id, a.campaign_id]),
    theirs!.campaigns.flatMap(c => c.adsets.flatMap(s => s.ads.map(a => [a.id, s.id, c.id]))),
  )
  t.ok(ads.every(a => a.as_of === NOW && a.currency === 'USD'))
})

t.test('both spellings of success, and nothing else, are success', async t => {
  const one = (status: unknown) =>
    outcomesOf(
      { campaigns: [{ sub_request_status: status, campaign: { id: '1' } }] } as Envelope,
      'campaigns',
      'campaign',
    )
  t.ok(one('SUCCESS')[0]!.ok)
  t.ok(one('success')[0]!.ok, 'as the measurement documentation writes it')
  for (const status of ['ERROR', 'PARTIAL', '', null, undefined, 1])
    t.notOk(one(status)[0]!.ok, String(status))
  t.throws(() => outcomesOf({ campaigns: {} } as Envelope, 'campaigns', 'campaign'), /no list 'campaigns'/)
})

t.test('an entry that is refused is rejected with the platform’s words, the others are read', async t => {
  const { read, platform } = await house(t)
  platform.faults.refused.add('781000001')
  const found = await read('campaigns')
  t.equal(found.records.length, 2)
  t.match(found.rejected, [
    {
      reason: /"ERROR": E2000: the object cannot be read now/,
      origin: 'campaigns of ad account 78007, entry 2',
    },
  ])
})

t.test('a row that is not what it should be is rejected, and says where', async t => {
  const { read, platform } = await house(t)
  platform.faults.drift = 'retyped'
  const found = await read('campaigns')
  t.equal(found.records.length, 0)
  t.match(found.rejected[0], { reason: /^name: \{"text":.*is no text/, bytes: Buffer })
  const row = (more: object) => ({ id: 'c', name: 'C', status: 'ACTIVE', ...more })
  for (const value of ['50000000', 0.5, 2 ** 53, {}, true])
    t.throws(() => campaignRecord(row({ daily_budget_micro: value }), account, 1), BadRow, String(value))
  t.throws(() => campaignRecord({ name: 'C' }, account, 1), /id is missing/)
  t.throws(() => adRecord({ id: 'a' }, account, new Map(), 1), /ad_squad_id is missing/)
})

t.test('a status that is not known is told as it is', async t => {
  const row = { id: 's', campaign_id: 'c', name: 'S' }
  const of = (status: unknown) => adsetRecord({ ...row, status }, account, 1)
  t.match(of('PAUSED'), { status: 'PAUSED', platform_status: 'PAUSED' })
  t.match(of('DELETED'), { status: 'REMOVED' })
  t.match(of('PENDING'), { status: 'OTHER', platform_status: 'PENDING' })
  t.match(of(undefined), { status: 'OTHER', platform_status: null })
})

t.test('an account without a currency or a zone that is known is refused: nothing could be read', async t => {
  t.throws(() => accountOf({ id: 'a', currency: 'XXQ', timezone: 'UTC' }), /its currency "XXQ"/)
  t.throws(() => accountOf({ id: 'a', currency: 'EUR', timezone: 'Mars/Base' }), /its time zone "Mars\/Base"/)
})

t.test('an account that the platform lists nothing of is told of, and read of others', async t => {
  const { read, platform, notices } = await house(t)
  platform.faults.empty = true
  t.same((await read('ads')).records, [])
  t.match(notices, [/lists no ad account 78007/])
})
