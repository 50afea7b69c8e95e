import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { LocalLimiter } from '../../../../engine/source/limits/limiter.ts'
import { realTime } from '../../../../engine/source/limits/windows.ts'
import { PlatformLimits } from '../../../../plugins/simulator/limits.ts'

const { signal } = new AbortController()

t.test(
  'a platform that counts in any windows never sees a call over its limits, however long calls travel',
  async t => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          short: fc.integer({ min: 1, max: 6 }),
          long: fc.integer({ min: 4, max: 12 }),
          delays: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), {
            minLength: 5,
            maxLength: 25,
          }),
          costs: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 25, maxLength: 25 }),
        }),
        async ({ short, long, delays, costs }) => {
          const limits = [
            { calls: Math.max(3, short), perMs: 15 },
            { calls: Math.max(3, long), perMs: 40 },
          ]
          const platform = new PlatformLimits(limits)
          const limiter = new LocalLimiter()
          await Promise.all(
            delays.map(async ([there, back], i) => {
              const taken = await limiter.take('app', limits, costs[i]!, signal)
              await sleep(there)
              platform.refuse('app', costs[i]!)
              await sleep(back)
              taken.done()
            }),
          )
          t.equal(platform.refused, 0)
        },
      ),
      { numRuns: 30 },
    )
  },
)

t.test('who comes first goes first, and keys do not hold each other up', async t => {
  const limiter = new LocalLimiter()
  const limits = [{ calls: 1, perMs: 20 }]
  const order: number[] = []
  const calls = [0, 1, 2, 3].map(async i => {
    const taken = await limiter.take('a', limits, 1, signal)
    order.push(i)
    taken.done()
  })
  const other = limiter.take('b', limits, 1, signal).then(() => order.push(9))
  await Promise.all([...calls, other])
  t.same(
    order.filter(i => i !== 9),
    [0, 1, 2, 3],
  )
  t.not(order.at(-1), 9)
})

t.test('what the platform says counts where it is the stricter', async t => {
  let now = 0
  const limiter = new LocalLimiter({ ...realTime, now: () => now })
  const limits = [{ calls: 10, perMs: 1000 }]
  const first = await limiter.take('a', limits, 1, signal)
  // Somebody else has used seven.
  first.done({ left: [{ perMs: 1000, calls: 2 }] })
  for (let i = 0; i < 2; i++) (await limiter.take('a', limits, 1, signal)).done()
  const stop = new AbortController()
  const third = limiter.take('a', limits, 1, stop.signal)
  let through = false
  third.then(
    () => {
      through = true
    },
    () => undefined,
  )
  await sleep(5)
  t.notOk(through)
  stop.abort(new Error('stop'))
  await t.rejects(third, { message: 'stop' })
  now = 1001
  const paused = await limiter.take('a', limits, 1, signal)
  paused.done({ pauseMs: 5000 })
  const waits = new AbortController()
  const held = limiter.take('a', limits, 1, waits.signal)
  await sleep(5)
  waits.abort(new Error('still held'))
  await t.rejects(held, { message: 'still held' })
  now = 6100
  ;(await limiter.take('a', limits, 1, signal)).done()
})

t.test('a call that could never be made is refused at once', async t => {
  await t.rejects(
    new LocalLimiter().take('a', [{ calls: 2, perMs: 10 }], 3, signal),
    /a call of 3 is above the limit of 2/,
  )
})

t.test('a page that is free of charge waited behind a query that waited for the next day', async t => {
  const limiter = new LocalLimiter({ ...realTime, now: () => 0 })
  const limits = [{ calls: 1, perMs: 86_400_000 }]
  const first = await limiter.take('a', limits, 1, signal)
  first.done()
  const stop = new AbortController()
  const second = limiter.take('a', limits, 1, stop.signal)
  const free = await limiter.take('a', limits, 0, signal)
  free.done()
  stop.abort(new Error('enough'))
  await t.rejects(second, { message: 'enough' })
})
