import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { KafkaSettings, SaslSettings } from '../../../../engine/log/kafka/client/settings.ts'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { append, pairs, readAll, record, unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { makeTls } from '../../../support/servers/tls.ts'

t.setTimeout(400_000)

function open(t: Test, kafka: KafkaSettings, topic: string): Promise<KafkaLog> {
  const changelog = { topic: `${topic}.state`, partition: 0 }
  return KafkaLog.open({
    kafka,
    dir: temporaryFolder(t),
    namespace: `${topic}.`,
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => changelog,
    load: [changelog],
    consumerGroup: group => `${topic}.${group}`,
  })
}

t.test('who may come in, by each way: both clients', { skip: kafkaMissing() ?? false }, async t => {
  t.setTimeout(400_000)
  const kafka = await startKafka({
    secured: ['SASL_PLAINTEXT', 'SASL_SSL', 'SSL'],
    users: { alice: 'secret of alice' },
    oauth: { robot: 'secret of robot' },
  })
  t.teardown(() => kafka.stop())
  const { SASL_PLAINTEXT, SASL_SSL, SSL } = kafka.secured
  const file = (path: string) => readFileSync(path, 'utf8')
  const ca = file(kafka.tls!.ca)
  const mutual = { ca, cert: file(kafka.tls!.cert), key: file(kafka.tls!.key) }
  const password = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password = 'secret of alice') =>
    ({ mechanism, username: 'alice', password }) satisfies SaslSettings
  const robot = (clientSecret = 'secret of robot') =>
    ({ mechanism: 'oauthbearer', tokenUrl: kafka.oauth!.tokenUrl, clientId: 'robot', clientSecret }) as const

  const ways: Record<string, KafkaSettings> = {
    PLAIN: { brokers: [SASL_PLAINTEXT!], sasl: password('plain') },
    'SCRAM-SHA-256': { brokers: [SASL_PLAINTEXT!], sasl: password('scram-sha-256') },
    'SCRAM-SHA-512 over TLS': { brokers: [SASL_SSL!], tls: { ca }, sasl: password('scram-sha-512') },
    'PLAIN over TLS that is not checked': {
      brokers: [SASL_SSL!],
      tls: { verify: false },
      sasl: password('plain'),
    },
    OAUTHBEARER: { brokers: [SASL_PLAINTEXT!], sasl: robot() },
    'OAUTHBEARER over TLS': { brokers: [SASL_SSL!], tls: { ca }, sasl: robot() },
    'mutual TLS': { brokers: [SSL!], tls: mutual },
  }
  for (const [name, settings] of Object.entries(ways))
    await t.test(name, async t => {
      const topic = unique('secret')
      const log = await open(t, settings, topic)
      t.teardown(() => log.close())
      const things = `${topic}.things`
      await log.ensureTopic({ name: things, partitions: 1, cleanup: 'delete' })
      const writer = await log.writer('w')
      await append(writer, things, [record('k', name)], 0, {
        positions: [{ group: 'g', topic: things, partition: 0, next: 1 }],
      })
      t.same(pairs(await readAll(log, things)), [['k', name]])
      t.equal(await log.position('g', things, 0), 1)
    })

  const strange = await makeTls(join(temporaryFolder(t), 'tls'))
  const refused: Record<string, [KafkaSettings, string, RegExp]> = {
    'a wrong password': [
      { brokers: [SASL_PLAINTEXT!], sasl: password('plain', 'wrong') },
      'STORE_REFUSED',
      /refuses the log-in.*kafka\.sasl/,
    ],
    'a wrong password by SCRAM': [
      { brokers: [SASL_PLAINTEXT!], sasl: password('scram-sha-512', 'wrong') },
      'STORE_REFUSED',
      /refuses the log-in.*kafka\.sasl/,
    ],
    'a wrong secret': [
      { brokers: [SASL_PLAINTEXT!], sasl: robot('wrong') },
      'STORE_REFUSED',
      /gives no token \(status 401\): check kafka\.sasl\.clientId and clientSecret/,
    ],
    'an authority nobody knows': [
      { brokers: [SASL_SSL!], tls: { ca: file(strange.ca) }, sasl: password('plain') },
      'STORE_UNAVAILABLE',
      /certificate.*Check kafka\.tls\.ca/,
    ],
    'no certificate where one is asked for': [
      { brokers: [SSL!], tls: { ca } },
      'STORE_UNAVAILABLE',
      /certificate|kafka\.tls/,
    ],
    'no log-in where one is asked for': [
      { brokers: [SASL_PLAINTEXT!] },
      'STORE_UNAVAILABLE',
      /kafka\.tls and kafka\.sasl/,
    ],
    'a log-in where none is known': [
      { brokers: [kafka.bootstrap], sasl: password('plain') },
      'STORE_UNAVAILABLE',
      /kafka\.sasl, and whether this listener asks for a log-in/,
    ],
    'TLS where there is none': [
      { brokers: [kafka.bootstrap], tls: { ca } },
      'STORE_UNAVAILABLE',
      /Check kafka\.tls/,
    ],
  }
  for (const [name, [settings, code, message]] of Object.entries(refused))
    await t.test(`refused: ${name}`, async t => {
      const opening = open(t, settings, unique('secret'))
      opening.then(log => log.close()).catch(() => {})
      await t.rejects(opening, { code, message })
    })
})
