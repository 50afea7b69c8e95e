import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import type { Cache } from '../../../engine/store/cache/port.ts'
import { RedisCache } from '../../../engine/store/cache/redis.ts'
import { until } from '../../contract/cache/lab.ts'
import { startProxy } from '../../support/servers/proxy.ts'
import { type RedisServer, redisMissing, startRedis } from '../../support/servers/redis.ts'

t.setTimeout(600_000)
const skip = redisMissing() ?? false
const LONG = 3_600_000
const SLOW = { perSecond: 1 / 3600, burst: 3 }

async function start(
  t: Test,
): Promise<{ server: RedisServer; open(url?: string, timeoutMs?: number): Cache }> {
  const server = await startRedis()
  const opened: Cache[] = []
  t.teardown(async () => {
    for (const cache of opened) await cache.close()
    await server.stop()
  })
  return {
    server,
    open(url = server.url, timeoutMs = 10_000) {
      const cache = new RedisCache({ url, timeoutMs })
      opened.push(cache)
      return cache
    },
  }
}

/** What each use gives while the cache is away. */
async function away(t: Test, cache: Cache): Promise<void> {
  t.equal(await cache.get('value'), null)
  t.equal(await cache.set('value', 'other', LONG), false)
  const outage = { code: 'STORE_UNAVAILABLE', message: /^Cache: / }
  await t.rejects(cache.delete('value'), outage)
  await t.rejects(cache.lock('free', LONG), outage)
  await t.rejects(cache.sessions.put('ann', 'b', '', LONG), outage)
  await t.rejects(cache.sessions.get('ann', 'a'), outage)
  await t.rejects(cache.sessions.end('ann', 'a'), outage)
  await t.rejects(cache.sessions.endAll('ann'), outage)
  await t.rejects(cache.sessions.list('ann'), outage)
}

const returned = (cache: Cache) =>
  until(async () => !(await cache.take('probe', { perSecond: 1e6, burst: 1 })).isLocal)

t.test(
  'kill -9 of the server: each use does what is said of it, and all goes on after it',
  { skip },
  async t => {
    const { server, open } = await start(t)
    const [cache, other] = [open(), open()]
    await cache.set('value', 'kept', LONG)
    await cache.sessions.put('ann', 'a', 'kept', LONG)
    const lock = await cache.lock('lock', LONG)
    const lost = await cache.lock('lost', LONG)
    for (let i = 0; i < 3; i++) t.equal((await cache.take('bucket', SLOW)).allowed, true)
    t.equal((await cache.take('bucket', SLOW)).allowed, false)
    await other.get('value')

    await server.kill()
    await away(t, cache)
    await away(t, other)
    t.equal(await lost!.release(), false)
    await t.rejects(lock!.extend(LONG), { code: 'STORE_UNAVAILABLE' })
    t.ok(lock!.isHeld(), 'nobody else can have got it')
    for (let i = 0; i < 3; i++) t.match(await cache.take('bucket', SLOW), { allowed: true, isLocal: true })
    t.match(
      await cache.take('bucket', SLOW),
      { allowed: false, isLocal: true },
      'each process keeps to the limit',
    )

    await server.restart()
    for (const program of [cache, other]) await returned(program)
    t.equal(await other.get('value'), 'kept')
    t.equal(await other.sessions.get('ann', 'a'), 'kept')
    t.match(await cache.take('bucket', SLOW), { allowed: false, isLocal: false })
    t.equal(await other.lock('lock', LONG), null)
    t.equal(await lock!.extend(LONG), true)
    t.equal(await lock!.release(), true)
    t.ok((await other.lock('lock', LONG))!.token > lock!.token)
  },
)

t.test('a server that is away at the first question is found when it comes', { skip }, async t => {
  const { server, open } = await start(t)
  await server.kill()
  const cache = open()
  await away(t, cache)
  await server.restart()
  await returned(cache)
  t.equal(await cache.set('value', 'one', LONG), true)
})

t.test('a server that hangs is not waited for, and is back when it goes on', { skip }, async t => {
  const { server, open } = await start(t)
  const cache = open(server.url, 200)
  await until(() => cache.set('value', 'kept', LONG))
  server.pause()
  await away(t, cache)
  t.match(await cache.take('bucket', SLOW), { allowed: true, isLocal: true })
  server.resume()
  await returned(cache)
  // What nobody waited for any more may have been done.
  t.match(await until(() => cache.get('value')), /^(?:kept|other)$/)
})

t.test('a network that takes everything and answers nothing', { skip }, async t => {
  const { server, open } = await start(t)
  const proxy = await startProxy(new URL(server.url).host)
  t.teardown(() => proxy.stop())
  const cache = open(`redis://${proxy.address}`, 200)
  await until(() => cache.set('value', 'kept', LONG))
  proxy.hang()
  await away(t, cache)
  proxy.cut()
  await away(t, cache)
  proxy.heal()
  await returned(cache)
})

t.test('a server that comes back with nothing still gives higher tokens', { skip }, async t => {
  const { server, open } = await start(t)
  const cache = open()
  const before = await cache.lock('lock', LONG)
  await server.command('FLUSHALL')
  const after = await cache.lock('lock', LONG)
  t.ok(after!.token > before!.token)
  t.equal(await before!.extend(LONG), false)
  t.equal(await before!.release(), false)
})

t.test('a server that has forgotten its scripts is told them again', { skip }, async t => {
  const { server, open } = await start(t)
  const cache = open()
  t.ok(await cache.lock('one', LONG))
  await server.command('SCRIPT', 'FLUSH')
  t.ok(await cache.lock('two', LONG))
})

t.test('the lock of a process that is killed is free when its time is over', { skip }, async t => {
  const { server, open } = await start(t)
  const program = new URL('./holding.js', import.meta.url).pathname
  const child = spawn(process.execPath, [program, server.url, 'lock', '2000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout), 'line')
  const cache = open()
  t.equal(await cache.lock('lock', LONG), null)
  child.kill('SIGKILL')
  const lock = await until(() => cache.lock('lock', LONG))
  t.ok(lock.token > Number(line))
})

t.test('keys have their prefix, and all of them end by themselves', { skip }, async t => {
  const { server, open } = await start(t)
  const cache = open()
  await cache.set('value', 'kept', LONG)
  await cache.take('bucket', SLOW)
  await cache.lock('lock', LONG)
  await (await cache.lock('released', LONG))!.release()
  await cache.sessions.put('ann', 'a', '', LONG)
  const keys = (await server.command('KEYS', '*')).split('\n').sort()
  t.same(
    keys,
    ['bucket:bucket', 'lock:lock', 'lock:released', 'sessions:ann', 'value:value'].map(k => `stratum:${k}`),
  )
  for (const key of keys) t.ok(Number(await server.command('PTTL', key)) > 0, key)
})
