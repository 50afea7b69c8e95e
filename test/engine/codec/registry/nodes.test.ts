import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { RegistryApi } from '../../../../engine/codec/registry/api.ts'
import type { RegistryConnection } from '../../../../engine/codec/registry/connection.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { which } from '../../../support/servers/machine.ts'
import { type RegistryServer, startRegistry } from '../../../support/servers/registry.ts'
import { makeTls } from '../../../support/servers/tls.ts'

const SCHEMA = '{"type":"record","name":"sale","fields":[]}'
const PATIENCE = { rounds: 3, firstMs: 1 }

function api(t: Test, servers: readonly (RegistryServer | string)[], more: Partial<RegistryConnection> = {}) {
  const urls = servers.map(server => (typeof server === 'string' ? server : server.url))
  const made = new RegistryApi({ urls, patience: PATIENCE, ...more }, '')
  t.teardown(() => made.close())
  return made
}

/** Nodes of one registry. */
async function nodes(t: Test) {
  const first = await startRegistry(t)
  return [first, await startRegistry(t, { store: first.store })] as const
}

t.test('when a node is away the next is asked, and stays the first to be asked', async t => {
  const [first, second] = await nodes(t)
  const registry = api(t, [first, second])
  t.equal(await registry.register('sale', SCHEMA), 1)
  await first.down()
  t.match(await registry.byId(1), { schema: /sale/ })
  await first.up()
  t.strictSame(await registry.versions('sale'), [1])
  t.equal(first.requests.length, 1)
  await second.down()
  t.strictSame(await registry.versions('sale'), [1])
})

t.test('trouble that passes is waited out; what was lost on the way is there once', async t => {
  const server = await startRegistry(t)
  const registry = api(t, [server])
  for (const does of [500, 503, 429, 'drop', 'lost'] as const) {
    server.faults.push({ does, times: 2 })
    t.equal(await registry.register('sale', SCHEMA), 1, `after ${does}`)
  }
  t.strictSame(await registry.versions('sale'), [1])
})

t.test('what does not pass is an outage that says what it is', async t => {
  const server = await startRegistry(t)
  const two = { patience: { rounds: 2, firstMs: 1 } }
  const registry = api(t, [server], two)
  const hurried = api(t, [server], { ...two, timeoutMs: 50 })
  const says = (message: RegExp) => ({ code: 'STORE_UNAVAILABLE', message })
  for (const [does, message] of [
    [500, /^Schema registry: http:\/\/127.0.0.1:\d+ answers 500$/],
    ['hang', /^Schema registry: no answer in 0.05 s \(http:\/\/127.0.0.1:\d+\)$/],
    ['drop', /^Schema registry: socket hang up \(http/],
  ] as const) {
    server.faults.push({ does, times: 2 })
    await t.rejects((does === 'hang' ? hurried : registry).byId(1), says(message))
  }
  await server.down()
  await t.rejects(registry.byId(1), says(/nothing listens at .* \(ECONNREFUSED\): start it, or correct/))
  await server.up()
  t.equal(await registry.byId(1), null)
})

t.test('hundreds of questions at once are answered, and no warning is printed', async t => {
  const server = await startRegistry(t)
  const registry = api(t, [server])
  await registry.register('sale', SCHEMA)
  const warned: unknown[] = []
  const warn = (warning: unknown) => warned.push(warning)
  process.on('warning', warn)
  t.teardown(() => process.off('warning', warn))
  server.faults.push({ does: 503, times: 100 })
  const patient = api(t, [server], { patience: { rounds: 20, firstMs: 1 } })
  const answers = await Promise.all(Array.from({ length: 300 }, () => patient.byId(1)))
  t.ok(answers.every(answer => answer !== null))
  t.strictSame(warned, [])
})

t.test('it is closed in the middle of waiting', async t => {
  const server = await startRegistry(t)
  const registry = api(t, [server], { patience: { rounds: 5, firstMs: 60_000 } })
  server.faults.push({ does: 503 })
  const asked = registry.byId(1)
  while (server.requests.length === 0) await new Promise(done => setImmediate(done))
  registry.close()
  await t.rejects(asked)
})

t.test('user and password, or a token', async t => {
  const user = { name: 'ann', password: 'pässword' }
  const closed = await startRegistry(t, { user })
  t.strictSame(await api(t, [closed], { user }).subjects(''), [])
  const wrong = { name: 'ann', password: 'secret-guess' }
  await t.rejects(api(t, [closed], { user: wrong }).subjects(''), {
    code: 'STORE_REFUSED',
    message:
      /^Schema registry: http:\/\/127.0.0.1:\d+ wants to know who asks: Unauthorized \(registry.username/,
  })
  const error = await api(t, [closed], { user: wrong }).subjects('').catch(String)
  t.notMatch(error, /secret-guess/)
  const byToken = await startRegistry(t, { token: 'abc' })
  t.strictSame(await api(t, [byToken], { token: 'abc' }).subjects(''), [])
  await t.rejects(api(t, [byToken]).subjects(''), { code: 'STORE_REFUSED' })
})

t.test('a follower sends a change on to its leader', async t => {
  const user = { name: 'ann', password: 'pw' }
  const leader = await startRegistry(t, { user })
  const follower = await startRegistry(t, { user, leader: leader.url, store: leader.store })
  t.equal(await api(t, [follower], { user }).register('sale', SCHEMA), 1)
  t.strictSame(leader.requests, ['POST /subjects/sale/versions user'])
})

t.test('a password is not sent on to a host that nobody named', async t => {
  const user = { name: 'ann', password: 'pw' }
  const leader = await startRegistry(t, { user })
  const elsewhere = leader.url.replace('127.0.0.1', 'localhost')
  const follower = await startRegistry(t, { user, leader: elsewhere })
  await t.rejects(api(t, [follower], { user }).register('sale', SCHEMA), { code: 'STORE_REFUSED' })
  t.strictSame(leader.requests, ['POST /subjects/sale/versions'])
  t.equal(await api(t, [follower, elsewhere], { user }).register('sale', SCHEMA), 1, 'named, it is')
})

t.test('nodes that send one another on and on are an outage', async t => {
  const one = await startRegistry(t)
  const circle = await startRegistry(t, { leader: `${one.url}/x` })
  const round = createServer((asked, answer) => {
    answer.writeHead(307, { location: asked.url }).end()
  })
  round.listen(0, '127.0.0.1')
  await new Promise(done => round.once('listening', done))
  t.teardown(() => round.close())
  const url = `http://127.0.0.1:${(round.address() as AddressInfo).port}`
  await t.rejects(api(t, [url]).register('sale', SCHEMA), { code: 'STORE_UNAVAILABLE', message: /on and on/ })
  await t.rejects(api(t, [circle]).register('sale', SCHEMA), { code: 'STORE_REFUSED' })
})

t.test('a URL may have a path; where somebody else answers that is said', async t => {
  const server = await startRegistry(t, { path: '/apis/ccompat/v7' })
  t.equal(await api(t, [server]).register('sale/é', SCHEMA), 1)
  t.strictSame(await api(t, [`${server.url}/`]).subjects(''), ['sale/é'])
  const wrong = server.url.replace('/apis/ccompat/v7', '')
  const says = { code: 'STORE_REFUSED', message: /answers, but not as a schema registry \(\/subjects/ }
  await t.rejects(api(t, [wrong]).subjects(''), says)
  server.faults.push({ does: 200 })
  await t.rejects(api(t, [server]).subjects(''), {
    code: 'STORE_REFUSED',
    message: /not as a schema registry/,
  })
})

t.test('an older registry compares with one version only', async t => {
  const server = await startRegistry(t)
  const registry = api(t, [server])
  await registry.register('sale', SCHEMA)
  const other = SCHEMA.replace('[]', '[{"name":"a","type":"int"}]')
  server.faults.push({ of: /compatibility/, does: 404 })
  t.match(await registry.incompatibility('sale', other), /a/)
  t.equal(await registry.incompatibility('sale', SCHEMA), null)
  t.match(server.requests.at(-2), /versions\/latest/)
})

t.test(
  'TLS, and a certificate of the client',
  { skip: which('openssl') ? false : 'needs openssl' },
  async t => {
    const pem = await makeTls(join(temporaryFolder(t), 'tls'))
    const server = await startRegistry(t, { tls: { server: pem.server, ca: pem.ca } })
    const registry = api(t, [server], { tls: { ca: pem.ca, cert: pem.cert, key: pem.key } })
    t.equal(await registry.register('sale', SCHEMA), 1)
    await t.rejects(api(t, [server]).byId(1), {
      code: 'STORE_UNAVAILABLE',
      message: /is not trusted \([A-Z_]+\): registry.tls says whom to trust/,
    })
    const plain = server.url.replace('https', 'http')
    await t.rejects(api(t, [plain]).byId(1), { code: 'STORE_UNAVAILABLE' })
    t.throws(() => api(t, [server], { tls: { ca: '/no/such/file' } }), {
      code: 'CONFIG_INVALID',
      message: /^registry.tls.ca: /,
    })
  },
)

t.test('what is no place is refused before anything is asked', async t => {
  for (const [url, message] of [
    ['ftp://a', /^registry.url: ftp:\/\/a is not http/],
    ['registry:8081', /registry:8081 is not http/],
    ['http://ann:secret@a', /leave user and password out of it/],
    ['http://a?x=1', /leave \?x=1 out of it/],
  ] as const) {
    const error = (() => {
      try {
        api(t, [url])
      } catch (error) {
        return error as Error
      }
    })()
    t.match(error, { code: 'CONFIG_INVALID', message })
    t.notMatch(error?.message, /secret/)
  }
})
