import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { mergeState } from '../../../../../engine/log/kafka/write/merge.ts'
import type { CommitUnit } from '../../../../../engine/log/port.ts'
import { MemoryState } from '../../../state/memory.ts'

type Part = NonNullable<CommitUnit['state']>[number]

const STORES = ['a', 'b']
const KEYS = ['', '\0', '1', '12', '2', '\x7f', '\xff', '\xff1'].map(k => Buffer.from(k, 'latin1'))
const key = fc.constantFrom(...KEYS)
const value = fc.option(fc.constantFrom('', 'x', 'y').map(v => Buffer.from(v)))
const part: fc.Arbitrary<Part> = fc.record({
  store: fc.constantFrom(...STORES),
  // A fold names a key once in a part.
  changes: fc.uniqueArray(fc.record({ key, value }), { selector: c => c.key, maxLength: 5 }),
  deleteRanges: fc.array(fc.tuple(key, key), { maxLength: 2 }),
})
const contents = (state: MemoryState) =>
  Array.from(state.range(Buffer.alloc(0), Buffer.from([0xff, 0xff])), e => [
    e.key.toString('latin1'),
    e.value.toString(),
  ])

t.test('the merged changes, without ranges, leave what the parts leave one after the other', t => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 8 }), (before, parts) => {
      const [one, other] = [0, 1].map(() => new Map(STORES.map(store => [store, new MemoryState()])))
      for (const p of before) for (const states of [one!, other!]) states.get(p.store)!.apply(p)
      const merged = mergeState(parts, store => one!.get(store)!)
      for (const [store, changes] of merged) {
        const keys = changes.map(c => c.key.toString('latin1'))
        assert.equal(new Set(keys).size, keys.length, 'each key once')
        one!.get(store)!.apply({ store, changes })
      }
      for (const p of parts) other!.get(p.store)!.apply(p)
      for (const store of STORES) {
        assert.deepEqual(contents(one!.get(store)!), contents(other!.get(store)!))
        assert.equal(
          merged.has(store),
          parts.some(p => p.store === store),
        )
      }
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('a store with one part is handed on as it is, without a question', t => {
  const changes = [{ key: KEYS[2]!, value: Buffer.from('x') }]
  const merged = mergeState([{ store: 'a', changes }], () => {
    throw new Error('asked')
  })
  t.equal(merged.get('a'), changes)
  t.end()
})
