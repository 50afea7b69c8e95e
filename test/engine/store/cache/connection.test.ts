import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import { clientOptions } from '../../../../engine/store/cache/connection.ts'
import { openCache } from '../../../../engine/store/cache/open.ts'

t.test('a URL is a place and nothing else', async t => {
  t.match(clientOptions({ url: 'redis://cache.example' }).options, {
    host: 'cache.example',
    port: 6379,
    db: 0,
  })
  t.match(clientOptions({ url: 'redis://[::1]:6380/3' }).options, { host: '::1', port: 6380, db: 3 })
  t.notOk(clientOptions({ url: 'redis://cache.example' }).options.tls)
  t.match(clientOptions({ url: 'rediss://cache.example' }).options.tls, { rejectUnauthorized: true })
  t.match(clientOptions({ url: 'rediss://cache.example', tls: { verify: false } }).options.tls, {
    rejectUnauthorized: false,
  })
  for (const [url, word] of [
    ['redis://me@cache.example', /cache\.user/],
    ['redis://:open@cache.example', /cache\.password/],
    ['redis://cache.example?db=3', /db=3/],
    ['redis://cache.example/three', /number/],
    ['redis://cache.example/3/4', /number/],
  ] as const)
    t.throws(() => clientOptions({ url }), { code: 'CONFIG_INVALID', message: word }, url)
  t.throws(() => clientOptions({ url: 'rediss://cache.example', tls: { ca: '/no/such.pem' } }), {
    code: 'CONFIG_INVALID',
    message: /cache\.tls\.ca.*no\/such\.pem/,
  })
})

t.test('a server that is too old is refused, with what is needed', async t => {
  const info = 'redis_version:6.2.14\r\nloading:0\r\n'
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', data => {
      // One answer a command; only INFO is answered with more than a nod.
      for (const command of data.toString().split(/(?=\*\d+\r\n\$)/))
        socket.write(/\r\ninfo\r\n/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cache = await openCache({
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeoutMs: 30_000,
  })
  t.teardown(async () => {
    await cache.close()
    server.close()
  })
  const refused = { code: 'STORE_REFUSED', message: /Redis 6\.2\.14.*7 or newer/ }
  await t.rejects(cache.lock('lock', 1000), refused)
  await t.rejects(cache.get('key'), refused)
  await t.rejects(cache.take('bucket', { perSecond: 1, burst: 1 }), refused)
})

t.test('without a URL it is in this process', async t => {
  const cache = await openCache({ prefix: 'stratum:', timeoutMs: 1000 })
  t.equal(await cache.set('key', 'value', 60_000), true)
  t.equal(await cache.get('key'), 'value')
})
