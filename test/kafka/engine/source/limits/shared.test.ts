import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Limiter } from '../../../../../engine/source/limits/limiter.ts'
import { SharedLimiter } from '../../../../../engine/source/limits/shared.ts'
import { RedisCache } from '../../../../../engine/store/cache/redis.ts'
import { type RedisServer, redisMissing, startRedis } from '../../../../support/servers/redis.ts'

t.setTimeout(240_000)
const skip = redisMissing() ?? false
const never = new AbortController().signal
const SECOND = { calls: 20, perMs: 500 }
const LONGER = { calls: 50, perMs: 2000 }

let server: RedisServer
const opened: RedisCache[] = []
/** The cache as one more process sees it. */
function another(): RedisCache {
  const cache = new RedisCache({ url: server.url, timeoutMs: 30_000 })
  opened.push(cache)
  return cache
}

t.before(async () => {
  if (!skip) server = await startRedis()
})
t.teardown(async () => {
  for (const cache of opened) await cache.close()
  if (!skip) await server.stop()
})

/** Calls a platform that counts each at some moment before it answers; the moments. Milliseconds. */
async function calls(limiter: Limiter, key: string, n: number): Promise<number[]> {
  const counted: number[] = []
  await Promise.all(
    Array.from({ length: n }, async (_, i) => {
      const taken = await limiter.take(key, [SECOND, LONGER], 1, never)
      await sleep((i * 7) % 20)
      counted.push(performance.now())
      await sleep((i * 5) % 15)
      taken.done()
    }),
  )
  return counted
}

/** The most that any window of that length holds. */
function fullest(moments: readonly number[], perMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b)
  return Math.max(...sorted.map((from, i) => sorted.slice(i).filter(at => at < from + perMs).length))
}

t.test('three processes together never exceed a limit, and use it', { skip }, async t => {
  const limiters = [1, 2, 3].map(() => new SharedLimiter(another().windows))
  const counted = (await Promise.all(limiters.map(limiter => calls(limiter, 'together', 40)))).flat()
  t.equal(counted.length, 120)
  const [most, mostLonger] = [fullest(counted, SECOND.perMs), fullest(counted, LONGER.perMs)]
  t.ok(most <= SECOND.calls, `${most} in a window of ${SECOND.calls}`)
  t.ok(mostLonger <= LONGER.calls, `${mostLonger} in a window of ${LONGER.calls}`)
  t.ok(mostLonger > LONGER.calls / 2, `${mostLonger} of ${LONGER.calls} used`)
})

t.test('a place whose process died counts until its lease is over', { skip }, async t => {
  const { windows } = another()
  const limits = [{ calls: 1, perMs: 100 }]
  t.match(await windows.take('died', limits, 1, 500), { id: String })
  const refused = (await another().windows.take('died', limits, 1, 500)) as { waitMs: number }
  t.ok(refused.waitMs > 0 && refused.waitMs <= 600, `${refused.waitMs} ms`)
  await sleep(650)
  t.match(await another().windows.take('died', limits, 1, 500), { id: String })
})

t.test('what the platform says to one process holds for all', { skip }, async t => {
  const [one, other] = [another().windows, another().windows]
  const limits = [{ calls: 10, perMs: 60_000 }]
  const take = async (key: string) => (await other.take(key, limits, 1, 60_000)) as { waitMs?: number }

  const first = (await one.take('told', limits, 1, 60_000)) as { id: string }
  await one.answered('told', first.id, limits, { left: [{ calls: 1, perMs: 60_000 }] })
  t.equal((await take('told')).waitMs, undefined, 'one call was left')
  const { waitMs = 0 } = await take('told')
  t.ok(waitMs > 50_000, `${waitMs} ms`)

  const second = (await one.take('paused', limits, 1, 60_000)) as { id: string }
  await one.answered('paused', second.id, limits, { pauseMs: 30_000 })
  const paused = (await take('paused')).waitMs ?? 0
  t.ok(paused > 25_000 && paused <= 30_000, `${paused} ms`)
})

t.test('while the cache is away each process keeps the limit by itself', { skip }, async t => {
  const own = await startRedis()
  const cache = new RedisCache({ url: own.url, timeoutMs: 2000 })
  const limiter = new SharedLimiter(cache.windows)
  await calls(limiter, 'alone', 5)
  await own.kill()
  const counted = await calls(limiter, 'alone', 60)
  t.ok(fullest(counted, SECOND.perMs) <= SECOND.calls)
  await cache.close()
  await own.stop()
})

t.test('a call that is given up while it waits holds nothing', { skip }, async t => {
  const limiter = new SharedLimiter(another().windows)
  const limits = [{ calls: 1, perMs: 300 }]
  const first = await limiter.take('given up', limits, 1, never)
  await t.rejects(limiter.take('given up', limits, 1, AbortSignal.timeout(50)), { name: 'TimeoutError' })
  first.done()
  ;(await limiter.take('given up', limits, 1, never)).done()
})

t.test('what costs nothing passes those who wait', { skip }, async t => {
  const limits = [{ calls: 1, perMs: 86_400_000 }]
  const all = await new SharedLimiter(another().windows).take('free', limits, 1, never)
  all.done()
  const limiter = new SharedLimiter(another().windows)
  const stop = new AbortController()
  const waiting = limiter.take('free', limits, 1, stop.signal)
  const free = await limiter.take('free', limits, 0, never)
  free.done()
  stop.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
})
