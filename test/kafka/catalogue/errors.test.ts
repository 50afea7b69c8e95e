import { chmodSync, chownSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type CatalogueConnection, connectionOptions } from '../../../engine/store/catalogue/connection.ts'
import { PostgresCatalogue } from '../../../engine/store/catalogue/postgres.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/servers/postgres.ts'
import { makeTls } from '../../support/servers/tls.ts'

t.setTimeout(600_000)
const skip = postgresMissing() ?? false

const urlOf = (server: PostgresServer) => `postgresql://${new URL(server.url).host}/stratum`

/** What is said of a connection, or null where it works. */
async function trouble(
  t: Test,
  connection: Partial<CatalogueConnection> & { readonly url: string },
): Promise<(Error & { code?: string }) | null> {
  const catalogue = new PostgresCatalogue(connectionOptions({ user: 'stratum', ...connection }))
  t.teardown(() => catalogue.close())
  return catalogue.query({ tenant: 'acme' }, 'SELECT 1').then(
    () => null,
    error => error,
  )
}

/** Who is let in, from now on. */
async function letIn(server: PostgresServer, rules: string): Promise<void> {
  writeFileSync(join(server.dir, 'data', 'pg_hba.conf'), rules)
  await server.sql('SELECT pg_reload_conf()')
}

t.test('what is wrong with a connection is said with what to do', { skip }, async t => {
  const server = await startPostgres()
  t.teardown(() => server.stop())
  const url = urlOf(server)
  t.equal(await trouble(t, { url }), null)
  const told = async (
    connection: Parameters<typeof trouble>[1],
    code: string,
    ...words: readonly RegExp[]
  ): Promise<void> => {
    const error = await trouble(t, connection)
    t.equal(error?.code, code)
    for (const word of words) t.match(error?.message, word)
    t.notMatch(error?.message, /\n|open sesame/)
  }
  await told(
    { url: 'postgresql://no-such-host.invalid/stratum' },
    'STORE_UNAVAILABLE',
    /no-such-host\.invalid/,
    /catalogue\.url/,
  )
  await told(
    { url: 'postgresql://127.0.0.1:9/stratum' },
    'STORE_UNAVAILABLE',
    /nothing listens at .*:9/,
    /ECONNREFUSED/,
  )
  await told({ url: url.replace('/stratum', '/elsewhere') }, 'STORE_REFUSED', /CREATE DATABASE elsewhere/)
  await told({ url, user: 'nobody' }, 'STORE_REFUSED', /catalogue\.user nobody/)
  await told(
    { url, tls: { enabled: true } },
    'STORE_UNAVAILABLE',
    /does not speak TLS.*catalogue\.tls\.enabled/,
  )

  await server.sql("CREATE ROLE known LOGIN PASSWORD 'open sesame'")
  const rule = (user: string, how: string) => `host all ${user} 127.0.0.1/32 ${how}\n`
  await letIn(server, rule('known', 'scram-sha-256') + rule('unwanted', 'reject') + rule('all', 'trust'))
  await told(
    { url, user: 'known', password: 'close sesame' },
    'STORE_REFUSED',
    /password authentication failed/,
    /catalogue\.password/,
  )
  await told({ url, user: 'known' }, 'STORE_REFUSED', /password/)
  await server.sql('CREATE ROLE unwanted LOGIN')
  await told({ url, user: 'unwanted' }, 'STORE_REFUSED', /pg_hba\.conf/)
  const known = { url, user: 'known', password: 'open sesame' }
  await told(known, 'STORE_REFUSED', /GRANT stratum_app, stratum_system TO known;/)
  await server.sql('GRANT stratum_app, stratum_system TO known')
  t.equal(await trouble(t, known), null)
})

t.test(
  'a user who may make no roles is told what an administrator has to do, and it helps',
  { skip },
  async t => {
    const server = await startPostgres()
    t.teardown(() => server.stop())
    await server.sql('CREATE ROLE plain LOGIN; ALTER DATABASE stratum OWNER TO plain')
    const url = urlOf(server)
    const error = await trouble(t, { url, user: 'plain' })
    t.equal(error?.code, 'STORE_REFUSED')
    const statements = /run (CREATE ROLE .*;)$/.exec(error?.message ?? '')?.[1]
    t.ok(statements)
    await server.sql(statements!)
    t.equal(await trouble(t, { url, user: 'plain' }), null)

    await t.test('roles that are there, of somebody else', async t => {
      await server.sql('CREATE ROLE other LOGIN CREATEROLE')
      await server.sql('CREATE DATABASE second OWNER other')
      t.equal(await trouble(t, { url: url.replace(/stratum$/, 'second'), user: 'other' }), null)
    })
  },
)

t.test('no connection is left on the server: it is waited for, then said', { skip }, async t => {
  const server = await startPostgres({ max_connections: '4', superuser_reserved_connections: '1' })
  t.teardown(() => server.stop())
  await server.sql('CREATE ROLE plain LOGIN CREATEROLE; GRANT CREATE ON DATABASE stratum TO plain')
  const url = urlOf(server)
  const catalogue = new PostgresCatalogue(connectionOptions({ url, user: 'plain', connections: 10 }))
  t.teardown(() => catalogue.close())
  await catalogue.migrate()
  const slow = Array.from({ length: 8 }, () => catalogue.query('system', 'SELECT pg_sleep(1)'))
  const ended = await Promise.allSettled(slow)
  const refused = ended.flatMap(e => (e.status === 'rejected' ? [e.reason] : []))
  t.ok(refused.length < slow.length)
  for (const error of refused)
    t.match(error, { code: 'STORE_UNAVAILABLE', message: /catalogue\.connections/ })
})

t.test('TLS: whom it is told to trust, and nobody else', { skip }, async t => {
  const tls = await makeTls(temporaryFolder(t))
  const server = await startPostgres()
  t.teardown(() => server.stop())
  // The server wants its files to be its own.
  const { uid, gid } = statSync(join(server.dir, 'data'))
  const folder = join(server.dir, 'tls')
  mkdirSync(folder)
  for (const [name, file] of [
    ['key.pem', tls.server.replace('server-chain.pem', 'server.key')],
    ['cert.pem', tls.server.replace('server-chain.pem', 'server.pem')],
    ['ca.pem', tls.ca],
  ] as const) {
    copyFileSync(file, join(folder, name))
    chmodSync(join(folder, name), 0o600)
    chownSync(join(folder, name), uid, gid)
  }
  chownSync(folder, uid, gid)
  for (const [name, file] of [
    ['ssl_key_file', 'key.pem'],
    ['ssl_cert_file', 'cert.pem'],
    ['ssl_ca_file', 'ca.pem'],
  ] as const)
    await server.sql(`ALTER SYSTEM SET ${name} = '${join(folder, file)}'`)
  await server.sql('ALTER SYSTEM SET ssl = on')
  await server.restart()
  const url = urlOf(server)
  const { ca, cert, key } = tls

  t.equal(await trouble(t, { url, tls: { enabled: true, ca } }), null)
  t.equal(await trouble(t, { url, tls: { enabled: true, verify: false } }), null)
  const error = await trouble(t, { url, tls: { enabled: true } })
  t.match(error, { code: 'STORE_UNAVAILABLE', message: /not trusted.*catalogue\.tls/ })

  await server.sql('CREATE ROLE client LOGIN CREATEROLE; GRANT CREATE ON DATABASE stratum TO client')
  await server.sql('DROP SCHEMA stratum CASCADE')
  await letIn(server, 'hostssl all client 127.0.0.1/32 cert\nhost all stratum 127.0.0.1/32 trust\n')
  t.match(await trouble(t, { url, user: 'client' }), { code: 'STORE_REFUSED', message: /catalogue\.tls/ })
  t.match(await trouble(t, { url, user: 'client', tls: { enabled: true, ca } }), { code: 'STORE_REFUSED' })
  t.equal(await trouble(t, { url, user: 'client', tls: { enabled: true, ca, cert, key } }), null)
})
