import t from 'tap'
import {
  type KafkaSettings,
  kafkajsOptions,
  rdkafkaOptions,
} from '../../../../../engine/log/kafka/client/settings.ts'

const token = async () => ({ value: 'token' })
const brokers = ['a:1', 'b:2']
const tls = { ca: 'CA', cert: 'CERT', key: 'KEY', passphrase: 'pass' }
const plain = { mechanism: 'plain', username: 'u', password: 'p' } as const

t.test('both clients are told of the same brokers and name', async t => {
  t.match(kafkajsOptions({ brokers }, token), { brokers, clientId: 'stratum' })
  t.match(rdkafkaOptions({ brokers }), {
    'metadata.broker.list': 'a:1,b:2',
    'client.id': 'stratum',
    'security.protocol': 'plaintext',
  })
  t.match(kafkajsOptions({ brokers, clientId: 'me', requestTimeoutMs: 5 }, token), {
    clientId: 'me',
    requestTimeout: 5,
  })
  t.match(rdkafkaOptions({ brokers, clientId: 'me' }), { 'client.id': 'me' })
})

t.test('the protocol follows from what there is', async t => {
  const protocol = (more: Partial<KafkaSettings>) => rdkafkaOptions({ brokers, ...more })['security.protocol']
  t.equal(protocol({}), 'plaintext')
  t.equal(protocol({ tls: {} }), 'ssl')
  t.equal(protocol({ sasl: plain }), 'sasl_plaintext')
  t.equal(protocol({ tls: {}, sasl: plain }), 'sasl_ssl')
})

t.test('certificates are handed on as texts, and checked unless that is switched off', async t => {
  t.same(kafkajsOptions({ brokers, tls }, token).ssl, { ...tls, rejectUnauthorized: true })
  t.match(rdkafkaOptions({ brokers, tls }), {
    'ssl.ca.pem': 'CA',
    'ssl.certificate.pem': 'CERT',
    'ssl.key.pem': 'KEY',
    'ssl.key.password': 'pass',
  })
  t.notOk('enable.ssl.certificate.verification' in rdkafkaOptions({ brokers, tls }))
  const trusting = { brokers, tls: { verify: false } }
  t.same(kafkajsOptions(trusting, token).ssl, { rejectUnauthorized: false })
  t.equal(rdkafkaOptions(trusting)['enable.ssl.certificate.verification'], false)
  t.notOk('ssl' in kafkajsOptions({ brokers }, token))
})

t.test('a log-in by name and password', async t => {
  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    const sasl = { ...plain, mechanism }
    t.same(kafkajsOptions({ brokers, sasl }, token).sasl, sasl)
    t.match(rdkafkaOptions({ brokers, sasl }), {
      'sasl.mechanisms': mechanism.toUpperCase(),
      'sasl.username': 'u',
      'sasl.password': 'p',
    })
  }
})

t.test('a log-in by token: both clients are handed one', async t => {
  const sasl = {
    mechanism: 'oauthbearer',
    tokenUrl: 'https://id/token',
    clientId: 'c',
    clientSecret: 's',
  } as const
  t.same(kafkajsOptions({ brokers, sasl }, token).sasl, {
    mechanism: 'oauthbearer',
    oauthBearerProvider: token,
  })
  const options = rdkafkaOptions({ brokers, sasl })
  t.equal(options['sasl.mechanisms'], 'OAUTHBEARER')
  t.notOk(Object.keys(options).some(name => /oauthbearer|username/.test(name)))
})
