import t from 'tap'
import { TIERS } from '../../../connectors/tiktok/api/limits.ts'
import { type Limiter, LocalLimiter } from '../../../engine/source/limits/limiter.ts'
import { virtualTime } from '../../support/virtual-time.ts'
import { AD_KEY, comparable, connected, recordsOf } from './support.ts'

t.test('a sync keeps the limits of its tier: no request is refused', async t => {
  const { batches, ledger, platform } = await connected(t, {
    limits: TIERS.basic,
    config: { service_tier: 'basic' },
    pageRows: 8,
    context: { limiter: new LocalLimiter() },
  })
  const ads = recordsOf(await batches('ad_reports'))
  t.same(comparable(ads, AD_KEY), comparable(ledger.adDays('2026-03-01', '2026-03-20'), AD_KEY))
  t.equal(platform.limits!.refused, 0)
  t.equal(platform.limits!.fullest, 1, 'all of it is used')
})

t.test('calls wait for the limit and not for each other, though answers take their time', async t => {
  const time = virtualTime(150)
  t.teardown(() => time.end())
  const { batches, platform } = await connected(t, {
    limits: TIERS.basic,
    config: { service_tier: 'basic' },
    pageRows: 2,
    time,
    context: { limiter: time.limiter },
  })
  await batches('ad_reports')
  t.equal(platform.limits!.refused, 0)
  const calls = [...platform.limits!.windows(60_000).get('app')!].reduce((sum, n) => sum + n)
  t.ok(calls > 150)
  // Ten in a second, and their way: one after the other they would take more than twice as long.
  t.ok(time.now() < (calls / 10) * 1300 * 1.6, `${calls} calls in ${time.now()} ms`)
})

t.test('with a wrong tier it is refused, waits, and loses nothing', async t => {
  const { batches, ledger, platform } = await connected(t, {
    limits: [{ calls: 5, perMs: 1000 }],
    pageRows: 16,
    context: { limiter: new LocalLimiter() },
  })
  const ads = recordsOf(await batches('ad_reports'))
  t.same(comparable(ads, AD_KEY), comparable(ledger.adDays('2026-03-01', '2026-03-20'), AD_KEY))
  t.ok(platform.limits!.refused > 0)
})

/** Writes down what is counted by what. */
function recording() {
  const taken: [string, readonly { readonly calls: number; readonly perMs: number }[]][] = []
  const limiter: Limiter = {
    async take(key, limits) {
      taken.push([key, limits])
      return { done() {} }
    },
  }
  return { taken, limiter, keys: () => [...new Set(taken.map(([key]) => key))].sort() }
}

t.test('an app has one limit, and tasks one of their own; a sandbox has one for each endpoint', async t => {
  const app = recording()
  const large = { manyAds: 10, config: { service_tier: 'premium', history_days: 3 } }
  await (await connected(t, { ...large, context: { limiter: app.limiter } })).batches('ad_reports')
  t.same(app.keys(), ['tiktok/app app', 'tiktok/app app report/task/create/'])
  const [, limits] = app.taken.find(([key]) => key.endsWith('create/'))!
  t.match(limits, [{ calls: 2, perMs: 1000 }, { calls: 60 }, { calls: 4500, perMs: 86_400_000 }])
  t.match(app.taken[0]![1], [
    { calls: 30, perMs: 1000 },
    { calls: 1800, perMs: 60_000 },
  ])

  const sandbox = recording()
  const config = { service_tier: 'sandbox' }
  await (await connected(t, { config, context: { limiter: sandbox.limiter } })).batches('ads')
  t.same(sandbox.keys(), ['tiktok/app app ad/get/', 'tiktok/app app advertiser/info/'])
  t.match(sandbox.taken[0]![1], [{ calls: 1 }, { calls: 30 }, { calls: 1000, perMs: 86_400_000 }])
})
