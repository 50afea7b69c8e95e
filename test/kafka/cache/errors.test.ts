import t, { type Test } from 'tap'
import type { CacheConnection } from '../../../engine/store/cache/connection.ts'
import { RedisCache } from '../../../engine/store/cache/redis.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { freePort } from '../../support/servers/machine.ts'
import { redisMissing, startRedis } from '../../support/servers/redis.ts'
import { makeTls } from '../../support/servers/tls.ts'

t.setTimeout(600_000)
const skip = redisMissing() ?? false

/** What is said of a connection, or null where it works. */
async function trouble(t: Test, connection: CacheConnection): Promise<(Error & { code?: string }) | null> {
  const cache = new RedisCache({ timeoutMs: 10_000, ...connection })
  t.teardown(() => cache.close())
  const ask = () =>
    cache.lock(`lock-${Math.random()}`, 1000).then(
      () => null,
      error => error,
    )
  const first = await ask()
  const second = await ask()
  t.equal(second?.code, first?.code, 'asked again it says the same')
  return first
}

t.test('what is wrong with a connection is said with what to do', { skip }, async t => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const { url } = server
  const told = async (connection: CacheConnection, code: string, ...words: readonly RegExp[]) => {
    const error = await trouble(t, connection)
    t.equal(error?.code, code)
    for (const word of words) t.match(error?.message, word)
    t.notMatch(error?.message, /\n|sesame/)
  }
  t.equal(await trouble(t, { url }), null)
  t.equal(await trouble(t, { url: `${url}/3` }), null)
  await told(
    { url: 'redis://no-such-host.invalid' },
    'STORE_UNAVAILABLE',
    /no host no-such-host\.invalid/,
    /cache\.url/,
  )
  await told({ url: 'redis://127.0.0.1:9' }, 'STORE_UNAVAILABLE', /nothing listens at .*:9/, /cache\.url/)
  await told({ url: url.replace('redis:', 'rediss:') }, 'STORE_UNAVAILABLE', /does it speak TLS/)
  await told({ url: `${url}/99` }, 'STORE_REFUSED', /DB index.*cache\.url/)

  await server.command('ACL', 'SETUSER', 'known', 'on', '>open sesame', '~*', '&*', '+@all')
  await server.command('ACL', 'SETUSER', 'reader', 'on', '>open sesame', '~*', '+@read', '+info')
  t.equal(await trouble(t, { url, user: 'known', password: 'open sesame' }), null)
  await told(
    { url, user: 'known', password: 'close sesame' },
    'STORE_REFUSED',
    /cache\.user.*cache\.password/,
  )
  await told({ url, user: 'reader', password: 'open sesame' }, 'STORE_REFUSED', /NOPERM.*grant/)
  await server.command('ACL', 'SETUSER', 'default', 'resetpass', '>other')
  await told({ url }, 'STORE_REFUSED', /cache\.password/)
  t.equal(await trouble(t, { url, password: 'other' }), null)
})

t.test('TLS: whom it is told to trust, and nobody else', { skip }, async t => {
  const tls = await makeTls(temporaryFolder(t))
  const port = String(await freePort())
  const server = await startRedis({
    'tls-port': port,
    'tls-cert-file': tls.server.replace('server-chain.pem', 'server.pem'),
    'tls-key-file': tls.server.replace('server-chain.pem', 'server.key'),
    'tls-ca-cert-file': tls.ca,
  })
  t.teardown(() => server.stop())
  const url = `rediss://127.0.0.1:${port}`
  const { ca, cert, key } = tls
  t.equal(await trouble(t, { url, tls: { ca, cert, key } }), null)
  t.equal(await trouble(t, { url, tls: { verify: false, cert, key } }), null)
  t.match(await trouble(t, { url, tls: { cert, key } }), {
    code: 'STORE_UNAVAILABLE',
    message: /not trusted.*cache\.tls/,
  })
  t.match(await trouble(t, { url, tls: { ca } }), { code: 'STORE_UNAVAILABLE' })
})
