import fc from 'fast-check'
import t from 'tap'
import { isSecretName, redactPersonal, redactText } from '../../../engine/telemetry/redact.ts'

t.test('credentials in a message are masked', async t => {
  const cases: [string, string][] = [
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer ***'],
    ['GET https://u:p@ss@ch.example/x failed', 'GET https://***@ch.example/x failed'],
    [
      'https://g.example/me?fields=id&access_token=EAAB1|x&limit=5',
      'https://g.example/me?fields=id&access_token=***&limit=5',
    ],
    ['{"client_secret": "s3 cret", "id": 1}', '{"client_secret": "***", "id": 1}'],
    ['password: hunter2, then', 'password: ***, then'],
    ['body "{\\"access_token\\":\\"abc\\"}"', 'body "{\\"access_token\\":\\"***\\"}"'],
  ]
  for (const [from, to] of cases) t.equal(redactText(from), to)
})

t.test('plain messages stay as they are', async t => {
  for (const text of [
    'the token: ',
    'spend.csv line 7: cost must be a number',
    'see https://x.example/a?b=c',
  ])
    t.equal(redactText(text), text)
})

t.test('masking twice is masking once', async () => {
  const word = fc.constantFrom(
    'Bearer ',
    'token=',
    'https://',
    'a:b@',
    '"secret":"',
    'x',
    ' ',
    '&',
    '"',
    'abc',
    '=',
    '\\',
  )
  fc.assert(
    fc.property(fc.array(word), words => {
      const once = redactText(words.join(''))
      return redactText(once) === once
    }),
  )
})

t.test('a token of any letters does not survive in a query', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9|._-]{8,40}$/), token => {
      return !redactText(`https://x.example/?a=1&access_token=${token}&b=2`).includes(token)
    }),
  )
})

t.test('names', async t => {
  for (const name of ['apiKey', 'API-KEY', 'webhook_secret', 'pageAccessToken', 'Authorization'])
    t.ok(isSecretName(name), name)
  for (const name of ['token_count', 'secretary', 'key', 'path']) t.notOk(isSecretName(name), name)
})

t.test('e-mail addresses', async t => {
  t.equal(redactPersonal('row 3: ann.o+x@mail.example is twice'), 'row 3: [email] is twice')
  t.equal(redactPersonal('@handle and 5@ and a@b'), '@handle and 5@ and a@b')
})
