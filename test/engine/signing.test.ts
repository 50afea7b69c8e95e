import { hash } from 'node:crypto'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { SigningKey, verifies } from '../../engine/signing.ts'

/** RFC 8032 §7.1, TEST 1: its seed, its public key, and its signature of nothing. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const PUBLIC = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
const OF_NOTHING =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
const one = SEED.toString('base64')
const two = Buffer.alloc(32, 7).toString('base64')

const of = (keys: string) => SigningKey.of({ keys, dataDir: null })!

t.test('a seed of the settings signs as RFC 8032 says', async t => {
  const key = of(one)
  const id = hash('sha256', PUBLIC, 'hex').slice(0, 32)
  t.equal(Buffer.from(key.sign(''), 'base64url').toString('hex'), OF_NOTHING)
  t.strictSame(key.publicKeys(), [{ key_id: id, public_key: PUBLIC.toString('base64') }])
  t.equal(key.keyId, id)
})

t.test('a signature is of one text, one key and one spelling', async t => {
  const key = of(one)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const signature = key.sign(text)
      t.equal(signature, key.sign(text), 'a fold that is run again signs the same')
      t.ok(key.verify(text, signature, key.keyId))
      t.notOk(key.verify(`${text}x`, signature, key.keyId))
      t.notOk(key.verify(text, signature, of(two).keyId), 'an unknown key')
      t.notOk(key.verify(text, `${signature}=`, key.keyId), 'the same bytes in another spelling')
    }),
    { numRuns: 20 },
  )
  for (const rubbish of ['', 'x', '====', 'é']) {
    t.notOk(key.verify('', rubbish, key.keyId))
    t.notOk(verifies('', key.sign(''), rubbish))
  }
})

t.test('a new key signs, the old one still verifies and can say that the new one is its own', async t => {
  const old = of(one)
  const both = of(`${two}, ${one}`)
  t.not(both.keyId, old.keyId)
  t.ok(both.verify('a', old.sign('a'), old.keyId))
  t.notOk(old.verify('a', both.sign('a'), both.keyId))
  t.equal(both.signAs(old.keyId, 'a'), old.sign('a'))
  t.equal(old.signAs(both.keyId, 'a'), null)
  t.equal(both.derive('salt'), old.derive('salt'), 'what is derived stays with the oldest')
  t.not(old.derive('salt'), old.derive('other'))
})

t.test('without a setting a data directory keeps a key of its own, made when it is first needed', async t => {
  const dir = join(t.testdir(), 'data')
  const key = SigningKey.of({ dataDir: dir })!
  t.strictSame(key.publicKeys(), [])
  t.notOk(key.verify('a', of(one).sign('a'), of(one).keyId))
  t.notOk(existsSync(dir), 'looking makes nothing')
  const signature = key.sign('a')
  t.strictSame(readdirSync(dir), ['signing.key'])
  t.equal(statSync(join(dir, 'signing.key')).mode & 0o777, 0o600)
  const again = SigningKey.of({ dataDir: dir })!
  t.ok(again.verify('a', signature, key.keyId), 'read, not made')
  t.equal(again.sign('a'), signature)
})

t.test('no setting and no data directory: no key', async t => {
  t.equal(SigningKey.of({ dataDir: null }), null)
  t.equal(SigningKey.of({ keys: ' , ', dataDir: null }), null)
})

t.test('a key that is none is told with what to do, and not shown', async t => {
  for (const wrong of ['abc', Buffer.alloc(16).toString('base64'), `${one},short`])
    t.throws(() => of(wrong), { code: 'CONFIG_INVALID', message: /secrets\.signingKeys.*openssl rand/ })
  const dir = t.testdir({ 'signing.key': 'broken' })
  const kept = SigningKey.of({ dataDir: dir })!
  t.throws(() => kept.sign('a'), { code: 'CONFIG_INVALID', message: /signing\.key of the data directory/ })
  writeFileSync(join(dir, 'signing.key'), `${one}\n`)
  t.equal(kept.keyId, of(one).keyId)
})
