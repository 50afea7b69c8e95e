import fc from 'fast-check'
import type { Test } from 'tap'
import { type Bucket, drawn, filled, taken } from '../../../engine/store/cache/bucket.ts'
import { type CacheLab, fresh, until } from './lab.ts'

export function limiting(t: Test, lab: CacheLab): void {
  t.test('a bucket gives and fills as the formula says, to the last digit', async t => {
    const cache = await lab.open()
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 12 }),
        async (perSecond, burst, draws) => {
          const limit = { perSecond, burst }
          const name = fresh()
          let model: Bucket | null = null
          for (const n of draws) {
            const got = await cache.take(name, limit, n)
            const { allowed, bucket } = drawn(filled(model, got.at, limit), n)
            model = bucket
            t.same(got, taken(bucket, allowed, n, limit, false))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  t.test('of many who take at once as many get as there is', async t => {
    const programs = [await lab.open(), await lab.open()]
    const name = fresh()
    const limit = { perSecond: 1 / 3600, burst: 7 }
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => programs[i % 2]!.take(name, limit)))
    t.equal(all.filter(taken => taken.allowed).length, 7)
    const refused = all.find(taken => !taken.allowed)!
    t.ok(refused.retryAfterMs! > 3_000_000 && refused.retryAfterMs! <= 3_600_000)
    t.ok(refused.resetMs > 6 * 3_600_000)
  })

  t.test('what was taken comes back, and who is refused takes nothing', async t => {
    const cache = await lab.open()
    const name = fresh()
    const limit = { perSecond: 50, burst: 5 }
    t.equal((await cache.take(name, limit, 5)).allowed, true)
    const first = await cache.take(name, limit, 5)
    t.equal(first.allowed, false)
    await until(async () => (await cache.take(name, limit, 5)).allowed)
  })

  t.test('more than a bucket holds is never given, and said so', async t => {
    const cache = await lab.open()
    const name = fresh()
    t.match(await cache.take(name, { perSecond: 100, burst: 10 }, 11), {
      allowed: false,
      remaining: 10,
      retryAfterMs: null,
      resetMs: 0,
    })
    t.match(
      await cache.take(name, { perSecond: 1 / 3600, burst: 2 }, 1),
      { allowed: true, remaining: 1 },
      'a limit that was lowered holds at once',
    )
  })
}
