import t from 'tap'
import { redactorOf } from '../../../connectors/singer/tap/secrets.ts'
import { failure } from '../../support/failure.ts'
import { fake, read, record, schema } from './harness.ts'

const SECRETS = {
  password: 'p@ss "w/ord"',
  nested: { token: 'tok-12345678', list: ['item-secret'] },
  port: 54321,
  key: '-----BEGIN KEY-----\nMIIabc123\nMIIdef456\n-----END KEY-----',
}

t.test('no value of a configuration is left in a text, however it is written there', async t => {
  const redact = redactorOf(SECRETS)
  const texts = [
    'login with p@ss "w/ord" failed',
    `config ${JSON.stringify(SECRETS)}`,
    `GET https://u:${encodeURIComponent(SECRETS.password)}@example.org/?token=tok-12345678`,
    `Basic ${Buffer.from(SECRETS.nested.token).toString('base64')}`,
    'line MIIdef456 of the key, port 54321',
  ]
  for (const text of texts) {
    const shown = redact(text)
    for (const secret of [
      'p@ss',
      'w/ord',
      'p%40ss',
      'tok-1234',
      'dG9rLTEyMzQ',
      'item-secret',
      'MII',
      '54321',
    ])
      t.notOk(shown.includes(secret), `${secret} in ${shown}`)
  }
  t.equal(redact('nothing to hide'), 'nothing to hide')
})

t.test('neither notices nor errors nor rejected rows hold secrets or people', async t => {
  const into = { records: [], rejected: [], states: [], notices: [] } as Awaited<ReturnType<typeof read>>
  const script = {
    stderr: [
      'WARNING password tok-12345678 is weak',
      'INFO tok-12345678',
      'ERROR mail to bob@example.org failed',
    ],
    lines: ['config: tok-12345678 of bob@example.org', schema('o'), '{"type":"STATE","value":{"a":1}}'],
    code: 1,
  }
  const error = await failure(
    read(fake(script, { config: SECRETS, env: { KEY: 'env-secret-1' } }), null, into),
  )
  t.match(error.message, /mail to \(redacted\) failed/)
  t.same(into.notices, ['node: WARNING password (redacted) is weak', 'node: ERROR mail to (redacted) failed'])
  t.equal(into.rejected[0]!.bytes!.toString(), 'config: (redacted) of (redacted)')
})

t.test('a tap that says much is cut short, and one that sends no STATE is told of', async t => {
  const stderr = Array.from({ length: 50 }, (_, i) => `WARNING number ${i}${'.'.repeat(1000)}`)
  const { notices } = await read(fake({ stderr, lines: [schema('o'), record('o', '{"id":1}')] }))
  t.equal(notices.length, 22)
  t.ok(notices.every(notice => notice.length < 350))
  t.match(notices, [/number 0/])
  t.equal(notices.filter(n => n === 'node said 30 lines more').length, 1)
  t.equal(notices.filter(n => /sent no STATE/.test(n)).length, 1)
})
