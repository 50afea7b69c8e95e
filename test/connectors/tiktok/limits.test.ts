import t from 'tap'
import { TIERS } from '../../../connectors/tiktok/api/limits.ts'
import { LocalLimiter } from '../../../engine/source/limits/limiter.ts'
import { AD_KEY, comparable, connected, recordsOf } from './support.ts'

t.test('a sync keeps the limits of its tier: no request is refused', async t => {
  const limits = TIERS.ultimate
  const { batches, ledger, platform } = await connected(t, {
    limits,
    pageRows: 4,
    context: { limiter: new LocalLimiter() },
  })
  const ads = recordsOf(await batches('ad_reports'))
  t.same(comparable(ads, AD_KEY), comparable(ledger.adDays('2026-03-01', '2026-03-20'), AD_KEY))
  t.equal(platform.limits!.refused, 0)
  t.equal(platform.limits!.fullest, 1, 'all of it is used')
})

t.test('with a wrong tier it is refused, waits, and loses nothing', async t => {
  const { batches, ledger, platform } = await connected(t, {
    limits: [{ calls: 30, perMs: 1000 }],
    pageRows: 4,
    context: { limiter: new LocalLimiter() },
  })
  const ads = recordsOf(await batches('ad_reports'))
  t.same(comparable(ads, AD_KEY), comparable(ledger.adDays('2026-03-01', '2026-03-20'), AD_KEY))
  t.ok(platform.limits!.refused > 0)
})
