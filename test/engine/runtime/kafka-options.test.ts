import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../../engine/config/index.ts'
import { kafkaOptions } from '../../../engine/runtime/kafka-options.ts'
import { temporaryFolder } from '../../support/folder.ts'

const dir = temporaryFolder(t)

/** Options as settings of the environment give them, by their names without the beginning. */
const optionsOf = (settings: Readonly<Record<string, string>> = {}) =>
  kafkaOptions(
    loadConfig({
      env: Object.fromEntries(
        Object.entries({ BROKERS: 'kafka:9092', ...settings }).map(([k, v]) => [`STRATUM_KAFKA__${k}`, v]),
      ),
    }).kafka,
  )

t.test('brokers are a list, and what is left out has its usual value', async t => {
  t.same(optionsOf({ BROKERS: 'a:1, b:2 ,[::1]:9092' }), {
    connection: { brokers: ['a:1', 'b:2', '[::1]:9092'], clientId: 'stratum' },
    groups: 8,
    replication: 1,
    minInsync: 1,
    commitMs: 100,
    compression: 'none',
  })
})

t.test('brokers that are none are refused by name', async t => {
  t.throws(() => kafkaOptions(loadConfig({ env: {} }).kafka), {
    code: 'CONFIG_INVALID',
    message: /kafka\.brokers is not set: .*STRATUM_KAFKA__BROKERS/,
  })
  for (const [brokers, wrong] of [
    ['kafka', 'kafka'],
    ['a:1,b', 'b'],
    ['a:1,', ''],
    ['a:1 b:2', 'a:1 b:2'],
    ['a:123456', 'a:123456'],
  ] as const)
    t.throws(() => optionsOf({ BROKERS: brokers }), {
      code: 'CONFIG_INVALID',
      message: `kafka.brokers: ${wrong} is not host:port.`,
    })
})

t.test('certificates are read from their files, only where TLS is on', async t => {
  const ca = join(dir, 'ca.pem')
  writeFileSync(ca, 'CA')
  t.equal(optionsOf({ TLS__CA: ca }).connection.tls, undefined)
  t.match(optionsOf({ TLS__ENABLED: 'true', TLS__CA: ca }).connection.tls, {
    ca: 'CA',
    verify: true,
    cert: undefined,
  })
  t.equal(optionsOf({ TLS__ENABLED: 'true', TLS__VERIFY: 'false' }).connection.tls?.verify, false)
  t.throws(() => optionsOf({ TLS__ENABLED: 'true', TLS__KEY: join(dir, 'none.pem') }), {
    code: 'CONFIG_INVALID',
    message: /^kafka\.tls\.key: .*none\.pem cannot be read \(ENOENT/,
  })
})

t.test('a log-in with something missing is refused by its name', async t => {
  const user = { SASL__USERNAME: 'u', SASL__PASSWORD: 'p' }
  t.equal(optionsOf(user).connection.sasl, undefined, 'no mechanism, no log-in')
  t.same(optionsOf({ SASL__MECHANISM: 'plain', ...user }).connection.sasl, {
    mechanism: 'plain',
    username: 'u',
    password: 'p',
  })
  t.throws(() => optionsOf({ SASL__MECHANISM: 'scram-sha-256', SASL__USERNAME: 'u' }), {
    code: 'CONFIG_INVALID',
    message: 'kafka.sasl.password is needed for scram-sha-256.',
  })
  const client = { SASL__MECHANISM: 'oauthbearer', SASL__CLIENT_ID: 'c', SASL__CLIENT_SECRET: 's' }
  t.throws(() => optionsOf(client), { message: 'kafka.sasl.tokenUrl is needed for oauthbearer.' })
  t.match(optionsOf({ ...client, SASL__TOKEN_URL: 'https://id/token' }).connection.sasl, {
    mechanism: 'oauthbearer',
    tokenUrl: 'https://id/token',
    clientId: 'c',
    clientSecret: 's',
    scope: undefined,
  })
})
