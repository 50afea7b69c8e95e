import fc from 'fast-check'
import t from 'tap'
import { drawn, filled } from '../../../../engine/store/cache/bucket.ts'
import { Expiring } from '../../../../engine/store/cache/expiring.ts'
import { MemoryCache } from '../../../../engine/store/cache/memory.ts'
import { cacheContract } from '../../../contract/cache.ts'

t.setTimeout(120_000)

t.test('contract', async t => {
  const cache = new MemoryCache()
  cacheContract(t, { open: async () => cache, alone: async () => new MemoryCache() })
})

t.test('a bucket never gives more than it holds and what has come back since', async t => {
  const steps = fc.array(
    fc.tuple(fc.integer({ min: -1_000_000, max: 5_000_000 }), fc.integer({ min: 0, max: 20 })),
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 20 }),
      steps,
      (perSecond, burst, steps) => {
        const limit = { perSecond, burst }
        let now = 1_767_610_000_000_000
        let [first, latest, given] = [now, now, 0]
        let bucket = filled(null, now, limit)
        for (const [passed, n] of steps) {
          now += passed
          first = Math.min(first, now)
          latest = Math.max(latest, now)
          const step = drawn(filled(bucket, now, limit), n)
          bucket = step.bucket
          if (step.allowed) given += n
          t.ok(bucket.tokens >= 0 && bucket.tokens <= burst)
        }
        const most = burst + ((latest - first) * perSecond) / 1_000_000
        return given <= most * (1 + 1e-9)
      },
    ),
  )
})

t.test('time decides, not use: on a clock of its own', async t => {
  let now = 1_000_000
  const cache = new MemoryCache(() => now)
  await cache.set('key', 'value', 1000)
  now += 999_999
  t.equal(await cache.get('key'), 'value')
  now += 1
  t.equal(await cache.get('key'), null)

  const limit = { perSecond: 2, burst: 4 }
  t.match(await cache.take('bucket', limit, 4), {
    allowed: true,
    remaining: 0,
    retryAfterMs: 0,
    resetMs: 2000,
  })
  t.match(await cache.take('bucket', limit), { allowed: false, retryAfterMs: 500, resetMs: 2000, at: now })
  now += 499_999
  t.match(await cache.take('bucket', limit), { allowed: false, retryAfterMs: 1 })
  now += 1
  t.match(await cache.take('bucket', limit), { allowed: true, remaining: 0 })

  const lock = await cache.lock('lock', 1000)
  now -= 10_000_000
  t.equal(await cache.lock('lock', 1000), null, 'a clock that goes back frees no lock')
  now += 20_000_000
  const next = await cache.lock('lock', 1000)
  now -= 30_000_000
  await next!.release()
  const last = await cache.lock('lock', 1000)
  t.ok(lock!.token < next!.token && next!.token < last!.token, 'nor does it lower a token')
})

t.test('what is over does not stay in memory', async t => {
  let now = 0
  const held = new Expiring<number>(() => now)
  for (let i = 0; i < 20_000; i++) {
    now += 1000
    held.set(String(i), i, 100)
    if (held.size > 2500) t.fail(`${held.size} are held, 100 are alive`)
  }
  t.equal(held.keys().length, 100)
})
