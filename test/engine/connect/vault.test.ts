import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { Vault } from '../../../engine/connect/vault.ts'

const key = () => randomBytes(32).toString('base64')
const [one, two] = [key(), key()]

t.test('what is sealed opens in its place, and says nothing elsewhere', async t => {
  const vault = Vault.of(one)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, place) => {
      const sealed = vault.seal(text, place)
      t.equal(vault.open(sealed, place), text)
      if (text.length > 8) t.notOk(sealed.includes(text))
      t.throws(() => vault.open(sealed, `${place}x`), { code: 'STORE_REFUSED' })
    }),
    { numRuns: 50 },
  )
  t.not(vault.seal('same', 'a'), vault.seal('same', 'a'), 'the same twice does not look the same')
})

t.test('what was changed does not open', async t => {
  const vault = Vault.of(one)
  const sealed = vault.seal('secret', 'a')
  const parts = sealed.split('.')
  for (const at of [2, 3]) {
    const bytes = Buffer.from(parts[at]!, 'base64url')
    bytes[0]! ^= 1
    const changed = parts.with(at, bytes.toString('base64url')).join('.')
    t.throws(() => vault.open(changed, 'a'), { code: 'STORE_REFUSED' })
  }
  for (const rubbish of ['', 'x', 'v9.a.b.c', 'v1.', '...'])
    t.throws(() => vault.open(rubbish, 'a'), { code: 'STORE_REFUSED' })
})

t.test('a new key seals, the old one still opens', async t => {
  const old = Vault.of(one).seal('secret', 'a')
  const both = Vault.of(`${two}, ${one}`)
  t.equal(both.open(old, 'a'), 'secret')
  t.ok(both.isOld(old))
  const anew = both.seal('secret', 'a')
  t.notOk(both.isOld(anew))
  t.equal(Vault.of(two).open(anew, 'a'), 'secret')
  t.throws(() => Vault.of(two).open(old, 'a'), {
    code: 'CONFIG_INVALID',
    message: /is not among secrets\.keys/,
  })
})

t.test('a key that is none, and no key at all, are told with what to do', async t => {
  for (const wrong of ['abc', randomBytes(16).toString('base64'), 'not base64 at all, no'])
    t.throws(() => Vault.of(wrong), { code: 'CONFIG_INVALID', message: /openssl rand -base64 32/ })
  const none = Vault.of(undefined)
  t.throws(() => none.seal('a', 'b'), { code: 'CONFIG_INVALID', message: /STRATUM_SECRETS__KEYS/ })
  const error = (() => {
    try {
      return Vault.of(`${one},${two.slice(0, 20)}`)
    } catch (error) {
      return error as Error
    }
  })() as Error
  t.notOk(error.message.includes(two.slice(0, 20)), 'a key is not shown')
})

t.test('a key of this process seals for its places only, and only where no other is set', async t => {
  const vault = Vault.of(undefined)
  vault.sealForNow(['a', 'b'])
  const sealed = vault.seal('secret', 'a')
  vault.sealForNow(['a'])
  t.equal(vault.open(sealed, 'a'), 'secret', 'named again, a place keeps its key')
  t.throws(() => vault.seal('secret', 'c'), { code: 'CONFIG_INVALID' })
  t.throws(() => vault.open(sealed, 'c'), { code: 'CONFIG_INVALID' })
  const later = Vault.of(undefined)
  later.sealForNow(['a'])
  t.throws(() => later.open(sealed, 'a'), { code: 'CONFIG_INVALID' }, 'it ended with its process')

  const set = Vault.of(one)
  set.sealForNow(['a'])
  t.equal(Vault.of(one).open(set.seal('secret', 'a'), 'a'), 'secret')
})
