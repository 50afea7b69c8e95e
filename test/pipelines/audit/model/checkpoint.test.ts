import t from 'tap'
import { keyIdOf, SigningKey, verifies } from '../../../../engine/signing.ts'
import {
  type Checkpoint,
  checkpointHash,
  checkpointText,
  Keyring,
  nextCheckpoint,
  type Signer,
} from '../../../../pipelines/audit/model/checkpoint.ts'

const seed = (n: number) => Buffer.alloc(32, n).toString('base64')
const signer = (...seeds: number[]) => SigningKey.of({ keys: seeds.map(seed).join(','), dataDir: null })!
const old = signer(1)
const at = (n: number) => `2026-01-15T1${n}:00:00.000000Z`
const now = (seq: number, n = seq) => ({ tenant: 't1', seq, head: String(seq).repeat(64), at: at(n) })
const wrongs = (known: Signer | null, ...of: Checkpoint[]) => {
  const keyring = new Keyring(known, { verifies, keyIdOf })
  return of.map(checkpoint => keyring.wrong(checkpoint))
}

const one = nextCheckpoint(null, now(1), old)
const two = nextCheckpoint(one, now(2), old)

t.test('checkpoints are signed, and each builds on the one before', async t => {
  t.equal(
    checkpointText(one),
    `stratum.audit.checkpoint.v1\n{"at":"2026-01-15T11:00:00.000000Z","head":"${'1'.repeat(64)}","key_id":"${old.keyId}","prev_checkpoint":null,"seq":1,"tenant":"t1","v":1}`,
  )
  t.equal(two.prev_checkpoint, checkpointHash(one))
  t.strictSame(wrongs(old, one, two), [null, null])
  t.strictSame(wrongs(null, one, two), [null, null], 'kept elsewhere, they bring their key')
  t.strictSame(wrongs(old, two), [null], 'older ones may be past their retention')
})

t.test('a checkpoint changed in any field, left out, or by a stranger is not believed', async t => {
  const changes: Partial<Checkpoint>[] = [
    { seq: 9 },
    { head: 'x' },
    { at: at(9) },
    { tenant: 't2' },
    { v: 2 },
    { prev_checkpoint: null },
    { key_id: 'x' },
    { signature: one.signature },
    { public_key: signer(2).publicKeys()[0]!.public_key },
  ]
  for (const change of changes)
    t.type(wrongs(old, one, { ...two, ...change })[1], 'string', JSON.stringify(change))
  const three = nextCheckpoint(two, now(3), old)
  t.match(wrongs(old, one, three)[1], /does not follow/)
  t.match(wrongs(old, nextCheckpoint(null, now(1), signer(2)))[0], /none of ours announced/)
})

t.test('no checkpoint goes back: not in seq, not in time, not to another entry', async t => {
  t.throws(() => nextCheckpoint(two, now(1, 3), old), { code: 'RECORD_INVALID', message: /was cut off/ })
  t.throws(() => nextCheckpoint(two, now(3, 1), old), { code: 'RECORD_INVALID', message: /clock goes back/ })
  t.throws(() => nextCheckpoint(two, { ...now(2), head: 'x' }, old), { message: /was rewritten/ })
  t.throws(() => nextCheckpoint(two, { ...now(3), tenant: 't2' }, old), { message: /is of t1/ })
  t.equal(nextCheckpoint(two, now(2, 3), old).seq, 2, 'nothing new is said again')
})

t.test('a new key is announced under the old one, and believed by who knows only that', async t => {
  const three = nextCheckpoint(two, now(3), signer(2, 1))
  t.equal(three.announced_by, old.keyId)
  const four = nextCheckpoint(three, now(4), signer(2))
  t.equal(four.announced_by, null, 'once')
  t.strictSame(wrongs(old, one, two, three, four), [null, null, null, null])
  const lost = nextCheckpoint(two, now(3), signer(2))
  t.match(wrongs(old, one, two, lost)[2], /none of ours announced/, 'the old key was gone')
  t.match(wrongs(old, one, two, { ...three, announcement: three.signature })[2], /none of ours announced/)
})
