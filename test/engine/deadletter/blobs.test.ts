import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { INLINE_BYTES, storePayload } from '../../../engine/deadletter/blobs.ts'
import { sha256 } from '../../../engine/deadletter/dead-letter.ts'
import { temporaryFolder } from '../../support/folder.ts'

const bytesOf = (n: number, fill = 'a') => Buffer.alloc(n, fill)

t.test('a small row lies in its letter', async t => {
  const dir = temporaryFolder(t)
  for (const n of [0, 1, INLINE_BYTES]) {
    const bytes = bytesOf(n)
    t.same(storePayload(dir, bytes), {
      payload: bytes,
      payload_ref: null,
      payload_bytes: n,
      payload_sha256: sha256(bytes),
    })
  }
  t.same(readdirSync(dir), [])
})

t.test('a row that could not be read has no bytes', async t => {
  t.same(storePayload(temporaryFolder(t), null), {
    payload: null,
    payload_ref: null,
    payload_bytes: 0,
    payload_sha256: null,
  })
})

t.test('a large row lies beside the log, once, by its hash', async t => {
  const dir = temporaryFolder(t)
  const bytes = bytesOf(INLINE_BYTES + 1)
  const ref = join('blobs', sha256(bytes))
  const stored = {
    payload: null,
    payload_ref: ref,
    payload_bytes: INLINE_BYTES + 1,
    payload_sha256: sha256(bytes),
  }
  t.same(storePayload(dir, bytes), stored)
  t.same(storePayload(dir, bytes), stored, 'the same bytes again')
  t.ok(readFileSync(join(dir, ref)).equals(bytes))
  storePayload(dir, bytesOf(INLINE_BYTES + 1, 'b'))
  t.equal(readdirSync(join(dir, 'blobs')).length, 2)
})

t.test('what cannot be kept is an outage, to be tried again: never a letter without its bytes', async t => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'blobs'), 'in the way')
  t.throws(() => storePayload(dir, bytesOf(INLINE_BYTES + 1)), {
    code: 'STORE_UNAVAILABLE',
    message: /^A rejected row of 262145 bytes cannot be kept: .*blobs/,
  })
  t.same(readdirSync(dir), ['blobs'])
})

t.test('a file that was cut off by a crash is not taken for the row', async t => {
  const dir = temporaryFolder(t)
  const bytes = bytesOf(INLINE_BYTES + 1)
  mkdirSync(join(dir, 'blobs'))
  writeFileSync(join(dir, 'blobs', `${sha256(bytes)}.1`), 'half')
  const { payload_ref } = storePayload(dir, bytes)
  t.ok(readFileSync(join(dir, payload_ref!)).equals(bytes))
})
