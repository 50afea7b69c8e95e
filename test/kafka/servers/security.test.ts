import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import kafkajs, { type KafkaConfig } from 'kafkajs'
import t from 'tap'
import { type KafkaServer, kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { client, createTopic, send, stored, TOPIC } from './records.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

type Password = 'plain' | 'scram-sha-256' | 'scram-sha-512'

t.test('a broker lets in whom it should, by each way', { skip: kafkaMissing() ?? false }, async t => {
  const kafka = await startKafka({
    secured: ['SASL_PLAINTEXT', 'SASL_SSL', 'SSL'],
    users: { alice: 'secret of alice', bob: 'secret of bob' },
    oauth: { robot: 'secret of robot' },
    acls: true,
  })
  t.teardown(() => kafka.stop())
  await createTopic(kafka.bootstrap)
  await allowWrites(kafka, ['alice', 'robot', 'client'])

  const { SASL_PLAINTEXT, SASL_SSL, SSL } = kafka.secured
  const file = (path: string) => readFileSync(path, 'utf8')
  const ssl = { ca: [file(kafka.tls!.ca)] }
  const certified = { ...ssl, cert: file(kafka.tls!.cert), key: file(kafka.tls!.key) }
  const password = (mechanism: Password, username = 'alice', password = `secret of ${username}`) =>
    ({ mechanism, username, password }) as NonNullable<KafkaConfig['sasl']>
  const bearer = (value: string) =>
    ({ mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value }) }) as const

  const known: Record<string, KafkaConfig> = {
    PLAIN: { brokers: [SASL_PLAINTEXT!], sasl: password('plain') },
    'SCRAM-SHA-256': { brokers: [SASL_PLAINTEXT!], sasl: password('scram-sha-256') },
    'SCRAM-SHA-512 over TLS': { brokers: [SASL_SSL!], ssl, sasl: password('scram-sha-512') },
    'OAUTHBEARER over TLS': {
      brokers: [SASL_SSL!],
      ssl,
      sasl: bearer(await fetched(kafka, 'secret of robot')),
    },
    'a certificate': { brokers: [SSL!], ssl: certified },
  }
  for (const [name, config] of Object.entries(known))
    await t.test(name, async t => {
      await eventually(() => send(config, name))
      t.equal((await stored(kafka.bootstrap)).at(-1), name)
    })

  const refused: Record<string, KafkaConfig> = {
    'a wrong password': { brokers: [SASL_PLAINTEXT!], sasl: password('scram-sha-512', 'alice', 'wrong') },
    'an authority nobody knows': { brokers: [SASL_SSL!], ssl: true, sasl: password('plain') },
    'an expired token': { brokers: [SASL_PLAINTEXT!], sasl: bearer(kafka.oauth!.token('robot', -60)) },
    'no certificate': { brokers: [SSL!], ssl },
  }
  for (const [name, config] of Object.entries(refused))
    await t.test(`refused: ${name}`, async t => {
      // Not by `connect` alone: kafkajs takes the answer to a refused token for success.
      await t.rejects(send(config, name))
      t.not((await stored(kafka.bootstrap)).at(-1), name)
    })

  await t.test('refused: a user whom no access list names', async t => {
    const config = { brokers: [SASL_PLAINTEXT!], sasl: password('plain', 'bob') }
    await t.rejects(send(config, 'bob'), /not authorized/i)
  })

  await t.test('no token for a wrong secret', async t => {
    const { issued } = kafka.oauth!
    await t.rejects(fetched(kafka, 'wrong'), /401/)
    t.equal(kafka.oauth!.issued, issued)
  })
})

async function allowWrites({ bootstrap }: KafkaServer, users: readonly string[]): Promise<void> {
  const admin = client({ brokers: [bootstrap] }).admin()
  await admin.connect()
  const acl = users.map(user => ({
    principal: `User:${user}`,
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: AclResourceTypes.TOPIC,
    resourceName: TOPIC,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  }))
  await admin.createAcls({ acl })
  await admin.disconnect()
}

async function fetched({ oauth }: KafkaServer, secret: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`robot:${encodeURIComponent(secret)}`).toString('base64')}`
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  const answer = await fetch(oauth!.tokenUrl, { method: 'POST', headers: { authorization }, body })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  return ((await answer.json()) as { access_token: string }).access_token
}

/** An access list holds a moment after it has been accepted. */
async function eventually(task: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      return await task()
    } catch (error) {
      if (attempt === 50) throw error
      await wait(100)
    }
}
