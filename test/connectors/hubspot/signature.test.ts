import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { refusal, signatureV1, signatureV2, signatureV3 } from '../../../connectors/hubspot/signature.ts'

const VECTORS = '../shared/data/hubspot/signature_vectors.json'
const missing = existsSync(VECTORS) ? false : 'the real inputs (../shared/data) are not here'

interface Vector {
  readonly secret: string
  readonly method: string
  readonly uri: string
  readonly body: string
  readonly timestamp: string
  readonly signature: string
}

t.test('the signatures of HubSpot’s own libraries', { skip: missing }, async t => {
  const { v1, v2, v3 } = JSON.parse(readFileSync(VECTORS, 'utf8')) as Record<'v1' | 'v2' | 'v3', Vector[]>
  for (const one of v1) t.equal(signatureV1(one, one.secret), one.signature)
  for (const one of v2) t.equal(signatureV2(one, one.secret), one.signature)
  for (const one of v3) {
    t.equal(signatureV3(one, one.secret, one.timestamp), one.signature)
    t.equal(refusal(one, one.secret, Number(one.timestamp) * 1000), null)
    t.equal(refusal({ ...one, body: Buffer.from(one.body) }, one.secret, Number(one.timestamp) * 1000), null)
  }
  t.same([v1.length, v2.length, v3.length], [1, 2, 2])
})

const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
const SENT = 1_693_657_560_000
const delivery = {
  method: 'POST',
  uri: 'https://www.example.com/webhook_uri',
  body: "{'example_field':'example_value'}",
}
const signed = {
  ...delivery,
  timestamp: String(SENT),
  signature: 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
}

t.test('a delivery is taken for five minutes, and not from the future', async t => {
  const at = (ms: number) => refusal(signed, SECRET, (SENT + ms) * 1000)
  t.equal(at(0), null)
  t.equal(at(300_000), null)
  t.equal(at(300_001), 'stale')
  t.equal(at(-60_000), null)
  t.equal(at(-60_001), 'future')
})

t.test('whatever is changed, it is refused', async t => {
  const now = SENT * 1000
  const wrong = {
    method: { ...signed, method: 'PUT' },
    uri: { ...signed, uri: `${signed.uri}?a=1` },
    body: { ...signed, body: `${signed.body} ` },
    timestamp: { ...signed, timestamp: String(SENT + 1) },
    signature: { ...signed, signature: signed.signature.replace('K36', 'K37') },
    'a shorter signature': { ...signed, signature: signed.signature.slice(0, -4) },
    'an empty signature': { ...signed, signature: '' },
  }
  for (const [name, one] of Object.entries(wrong)) t.equal(refusal(one, SECRET, now), 'forged', name)
  t.equal(refusal(signed, `${SECRET}0`, now), 'forged', 'another secret')
  t.equal(refusal({ ...signed, signature: null }, SECRET, now), 'unsigned')
  t.equal(refusal({ ...signed, timestamp: null }, SECRET, now), 'unsigned')
})

t.test('a time that is no number is no reason to leave the check of its age out', async t => {
  for (const timestamp of [
    '',
    'NaN',
    'soon',
    '1e15',
    '-1',
    '0x18a',
    '99999999999999999999',
    ' 1693657560000',
  ]) {
    const forged = { ...delivery, timestamp, signature: signatureV3(delivery, SECRET, timestamp) }
    t.equal(refusal(forged, SECRET, SENT * 1000), 'unreadable', JSON.stringify(timestamp))
  }
})

t.test('twelve characters of an address are signed as they are, all others as they were encoded', async t => {
  const sign = (uri: string) => signatureV3({ ...delivery, uri }, SECRET, '1')
  const base = 'https://www.example.com/hook?next='
  t.equal(sign(`${base}%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B`), sign(`${base}:/?@!$'()*,;`))
  for (const kept of ['%20', '%26', '%3D', '%2B', '%23', '%25', '%C3%A9', '%5B'])
    t.not(sign(base + kept), sign(base + decodeURIComponent(kept)), kept)
  t.equal(sign(`${base}%253A`), signatureV3({ ...delivery, uri: `${base}%253A` }, SECRET, '1'))
  t.not(sign(`${base}%253A`), sign(`${base}%3A`), 'once, not twice')
})
