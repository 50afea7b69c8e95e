import t from 'tap'
import { changesOf } from '../../../connectors/google-ads/streams/change-records.ts'
import { DAY, HOUR, house, NOW, world, ZONE } from './support.ts'

const keyed = (records: readonly Record<string, unknown>[]) => new Set(records.map(r => r.change_id))

t.test('thirty days of changes, and what came since: none lost, in whatever rhythm', async t => {
  const { read, clock, notices } = await house(t, { world: world({ campaigns: 30 }), changeShare: 0.2 })
  const first = await read('changes')
  t.ok(first.records.length > 200)
  t.equal(keyed(first.records).size, first.records.length)
  t.ok(first.records.every(r => Number(r.changed_at) > NOW - 31 * DAY && Number(r.changed_at) <= NOW))
  const seen = keyed(first.records)
  let state = first.states.at(-1)
  for (const hours of [1, 5, 30, 0, 50]) {
    clock.at += hours * HOUR
    const found = await read('changes', state)
    for (const id of keyed(found.records)) seen.add(id)
    state = found.states.at(-1)
  }
  const whole = await read('changes')
  for (const id of keyed(whole.records)) t.ok(seen.has(id), `${id}`)
  t.same(notices, [])
  clock.at += 40 * DAY
  await read('changes', state)
  t.match(notices, [/changes of account \d+ before .* are missing: Google keeps 30 days/])
})

t.test('more changes than a query gives are read on from the last moment', async t => {
  const { read, platform, clock, config } = await house(t, { changeShare: 0 })
  const node = platform.account((config.customer_ids as string[])[0]!)!
  const event = (at: number, mutate: number) => ({
    at,
    command: 1,
    mutate,
    type: 'CAMPAIGN',
    key: 'campaign',
    resource: `customers/${node.account.id}/campaigns/1`,
    operation: 'UPDATE' as const,
    fields: ['status'],
    before: { status: 'ENABLED' },
    after: { status: 'PAUSED' },
    client: 'GOOGLE_ADS_API',
    user: 'a@b.example',
  })
  // Three thousand at a time, of which a full page cuts some apart.
  for (let i = 0; i < 24_000; i++)
    platform.record(node, event(clock.at - 9 * DAY + Math.floor(i / 3000) * 1_000_000, i))
  const found = await read('changes')
  t.equal(found.records.length, 24_000)
  t.equal(keyed(found.records).size, 24_000)
  t.ok(found.states.length > 2)
  const rest = await read('changes', found.states[0])
  t.equal(rest.records.length, 24_000 - 9000)
})

t.test('a moment with more changes than Google gives is told, and what comes after it is read', async t => {
  const { read, platform, clock, config, notices } = await house(t, { changeShare: 0 })
  const node = platform.account((config.customer_ids as string[])[0]!)!
  const event = (at: number, mutate: number) => ({
    at,
    command: 1,
    mutate,
    type: 'AD_GROUP',
    key: 'adGroup',
    resource: `customers/${node.account.id}/adGroups/5`,
    operation: 'UPDATE' as const,
    fields: ['cpcBidMicros'],
    before: { cpcBidMicros: '1' },
    after: { cpcBidMicros: '2' },
    client: 'GOOGLE_ADS_API',
    user: 'a@b.example',
  })
  for (let i = 0; i < 10_500; i++) platform.record(node, event(clock.at - 2 * DAY, i))
  platform.record(node, event(clock.at - DAY, 0))
  const found = await read('changes')
  t.equal(found.records.length, 10_001)
  t.match(notices, [/has 10000 changes of 2026-04-13 11:30:00\.000000 alone/])
  t.match(found.records.at(-1), { entity: 'adset', entity_id: '5', old_value: '1', new_value: '2' })
})

t.test('an event is a record for each field; made and removed things are one', t => {
  const event = (over: object) => ({
    changeEvent: {
      resourceName: 'customers/1/changeEvents/1776245400123456~0~2',
      changeDateTime: '2026-04-15 11:30:00.123456',
      changeResourceType: 'AD_GROUP_AD',
      changeResourceName: 'customers/1/adGroupAds/2~3',
      resourceChangeOperation: 'UPDATE',
      changedFields: 'status,ad.finalUrls',
      oldResource: { adGroupAd: { status: 'PAUSED', ad: { finalUrls: ['a'] } } },
      newResource: { adGroupAd: { status: 'ENABLED', ad: { finalUrls: ['b', 'c'] } } },
      userEmail: 'anna@shop.example',
      clientType: 'GOOGLE_ADS_WEB_CLIENT',
      ...over,
    },
  })
  const of = { id: '1', zone: ZONE }
  t.match(changesOf(event({}), of), [
    {
      change_id: '1776245400123456~0~2/status',
      entity: 'ad',
      entity_id: '3',
      old_value: 'PAUSED',
      new_value: 'ENABLED',
    },
    { field: 'ad.finalUrls', old_value: '["a"]', new_value: '["b","c"]', changed_at: 1_776_245_400_123_456 },
  ])
  const removed = event({
    resourceChangeOperation: 'REMOVE',
    changedFields: undefined,
    changeResourceType: 'CAMPAIGN_BUDGET',
  })
  t.match(changesOf(removed, of), [
    { entity: 'CAMPAIGN_BUDGET', field: null, old_value: null, new_value: 'REMOVE' },
  ])
  // By the zone's time where the name does not hold it.
  const unnamed = event({ resourceName: 'customers/1/changeEvents/x' })
  t.equal(changesOf(unnamed, of)[0]!.changed_at, 1_776_245_400_123_456)
  t.throws(() => changesOf(event({ resourceName: undefined }), of), /changeEvent\.resourceName is missing/)
  t.end()
})
