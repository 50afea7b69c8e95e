import t from 'tap'
import { hubspotLimits } from '../../../connectors/hubspot/limits.ts'
import { LIMITS } from '../../../connectors/hubspot/simulator/gate.ts'
import { LocalLimiter } from '../../../engine/source/limits/limiter.ts'
import { type Answer, http } from '../../../plugins/http/index.ts'
import { context as contextOf, json, platform } from '../../plugins/http/platform.ts'
import { DAY_US, house } from './support.ts'

t.test('the limits of searches and of all calls are used and never exceeded', async t => {
  const { simulator, clock, read, context } = await house(t, {
    people: 1900,
    deals: 0,
    day: 200,
    limits: LIMITS,
  })
  const { state } = await read('contacts')
  const { gate, store } = simulator
  gate.refused = 0
  clock.at += DAY_US
  for (const { id } of store.all('contacts'))
    store.update('contacts', id, { lifecyclestage: 'a' }, clock.at / 1000 - 60_000)
  const { records } = await read('contacts', state, context({ limiter: new LocalLimiter() }))
  t.equal(records.length, 1900)
  t.equal(gate.refused, 0)
  const hasty = await read('contacts', state)
  t.equal(hasty.records.length, 1900)
  t.ok(gate.refused > 0, 'the platform would have refused: the limiter is what kept it')
})

t.test('how many calls there are is what HubSpot says, unless a setting says it', async t => {
  const heads = {
    'X-HubSpot-RateLimit-Max': '190',
    'X-HubSpot-RateLimit-Remaining': '17',
    'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
  }
  const url = await platform(t, ({ url }, response) =>
    json(response, {}, 200, url!.includes('search') ? {} : heads),
  )
  const asked: unknown[] = []
  const told: unknown[] = []
  const limiter = {
    async take(key: string, limits: readonly { readonly calls: number }[]) {
      asked.push([key, limits[0]!.calls])
      return { done: (said?: unknown) => void told.push(said ?? null) }
    },
  }
  const clientOf = (isFixed: boolean) =>
    http(contextOf({ limiter }), url, hubspotLimits({ key: 'k', calls: 100, isFixed }))
  const client = clientOf(false)
  for (const path of ['crm/v3/owners', 'crm/v3/objects/deals/search', 'crm/v3/owners']) await client.get(path)
  t.same(asked, [
    ['k', 100],
    ['k/search', 5],
    ['k', 190],
    ['k', 190],
  ])
  const left = { left: [{ perMs: 10_000, calls: 17 }] }
  t.same(told, [left, null, null, left])
  asked.length = 0
  const fixed = clientOf(true)
  for (const path of ['a', 'b']) await fixed.get(path)
  t.same(asked, [
    ['k', 100],
    ['k', 100],
  ])
  const answer: Answer = await fixed.ask({ path: 'a' })
  t.equal(answer.status, 200)
})
