import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  decodeOffsets,
  EntryKeys,
  encodeOffsets,
  offsetsKey,
  stateEntryKey,
  storePrefix,
} from '../../../../../engine/log/kafka/state/entry.ts'

/** Of which one may begin as another. */
const store = fc.constantFrom('a', 'a/t', 'a/t/0', 'a/t/00', 'sink.ä/1', 'o')
const key = fc.uint8Array({ maxLength: 6 }).map(bytes => Buffer.from(bytes))

t.test('a key of state comes apart into the store and key it was made of, whatever came before it', t => {
  fc.assert(
    fc.property(fc.array(fc.tuple(store, key)), entries => {
      const keys = new EntryKeys()
      for (const [store, key] of entries) {
        const entry = keys.parse(stateEntryKey(storePrefix(store), key))
        assert.equal(entry?.what, 'state')
        assert.deepEqual(entry, { what: 'state', store, key })
      }
    }),
  )
  t.end()
})

t.test('positions come back as they were', t => {
  const plain = { noNullPrototype: true }
  const name = fc.string({ unit: 'grapheme', maxLength: 10 })
  const position = fc.record({ group: name, topic: name, partition: fc.nat(), next: fc.maxSafeNat() }, plain)
  const record = fc.record(
    { seq: fc.maxSafeNat(), life: fc.option(fc.string()), positions: fc.array(position, { maxLength: 4 }) },
    plain,
  )
  fc.assert(fc.property(record, record => assert.deepEqual(decodeOffsets(encodeOffsets(record)), record)))
  t.end()
})

t.test('whose offsets they are is in their key; what is no key of ours is none', t => {
  const keys = new EntryKeys()
  t.same(keys.parse(offsetsKey('group/12')), { what: 'offsets', writer: 'group/12' })
  for (const alien of ['', 'x', 'sno end of a name']) t.equal(keys.parse(Buffer.from(alien)), null)
  t.end()
})
