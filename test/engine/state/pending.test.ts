import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { MAX_STATE_KEY_BYTES } from '../../../engine/log/port.ts'
import { PendingState } from '../../../engine/state/pending.ts'
import { MemoryState } from './memory.ts'

type Step =
  | { do: 'put'; key: string; value: string }
  | { do: 'delete'; key: string }
  | { do: 'deleteRange'; from: string; to: string }
  | { do: 'take' | 'land' | 'rollback' | 'restart' }

const PREFIXES = ['a\0', 'b\0', 'a\0s\0']
const KEYS = PREFIXES.flatMap(prefix =>
  ['', '\0', '1', '2', '\x7f', '\xff', '\xff1'].map(rest => prefix + rest),
)
const key = fc.constantFrom(...KEYS)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put'), key, value: fc.constantFrom('', 'x', 'y') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deleteRange'), from: key, to: key }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('take', 'take', 'land', 'land', 'rollback', 'restart') }),
  },
) as fc.Arbitrary<Step>

function same(pending: PendingState, model: ReadonlyMap<string, string>): void {
  for (const prefix of PREFIXES)
    assert.deepEqual(pending.keys(prefix), [...model.keys()].filter(k => k.startsWith(prefix)).sort())
  for (const k of KEYS) {
    assert.equal(pending.get(k)?.toString(), model.get(k))
    assert.equal(pending.has(k), model.has(k))
  }
}

t.test('what is committed, under way and changed reads as one map', async t => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => {
      const committed = new MemoryState()
      let pending = new PendingState('store', committed)
      // One model for each state that may come back: at the last take, and what the log has.
      let [now, taken, stored] = [1, 2, 3].map(() => new Map<string, string>()) as Map<string, string>[]
      let flying: { part: ReturnType<PendingState['take']>; model: Map<string, string> }[] = []
      for (const s of steps) {
        switch (s.do) {
          case 'put':
            pending.put(s.key, Buffer.from(s.value))
            now!.set(s.key, s.value)
            break
          case 'delete':
            pending.delete(s.key)
            now!.delete(s.key)
            break
          case 'deleteRange':
            pending.deleteRange(s.from, s.to)
            for (const k of [...now!.keys()]) if (k >= s.from && k < s.to) now!.delete(k)
            break
          case 'take':
            flying.push({ part: pending.take(), model: new Map(now) })
            taken = new Map(now)
            break
          case 'land': {
            const oldest = flying.shift()
            if (!oldest) break
            if (oldest.part) committed.apply(oldest.part)
            same(pending, now!)
            pending.landed()
            stored = oldest.model
            break
          }
          case 'rollback':
            pending.rollback()
            now = new Map(taken)
            break
          case 'restart':
            pending = new PendingState('store', committed)
            flying = []
            now = new Map(stored)
            taken = new Map(stored)
        }
        same(pending, now!)
      }
    }),
    { numRuns: 300 },
  )
  t.pass('for any steps')
})

t.test('a batch that changed nothing is no part of a commit', async t => {
  const pending = new PendingState('store', new MemoryState())
  t.equal(pending.take(), null)
  pending.put('a\0k', Buffer.from('v'))
  t.match(pending.take(), { store: 'store', changes: [{ key: Buffer.from('a\0k') }], deleteRanges: [] })
  pending.landed()
  t.equal(pending.get('a\0k')?.toString(), 'v', 'the empty batch landed first')
})

t.test('a key too long to be stored is refused when it is asked for', async t => {
  const pending = new PendingState('store', new MemoryState())
  const longest = 'k'.repeat(MAX_STATE_KEY_BYTES)
  t.equal(pending.has(longest), false)
  for (const ask of [() => pending.get(`${longest}k`), () => pending.has(`${longest}k`)])
    t.throws(ask, { code: 'RECORD_INVALID', message: `its key has ${MAX_STATE_KEY_BYTES + 1} bytes` })
})

t.test('the last key of a range is that of what is committed, on its way and pending together', t => {
  const step = fc.tuple(
    fc.constantFrom(...'abcdef'),
    fc.constantFrom('put', 'delete', 'take', 'land', 'clear' as const),
  )
  fc.assert(
    fc.property(fc.array(step), steps => {
      const committed = new MemoryState()
      const pending = new PendingState('s', committed)
      const model = new Set<string>()
      const flying: ReturnType<PendingState['take']>[] = []
      for (const [key, what] of steps) {
        if (what === 'put') {
          pending.put(key, Buffer.from('1'))
          model.add(key)
        } else if (what === 'delete') {
          pending.delete(key)
          model.delete(key)
        } else if (what === 'clear') {
          pending.deleteRange(key, 'e')
          for (const k of [...model]) if (k >= key && k < 'e') model.delete(k)
        } else if (what === 'take') flying.push(pending.take())
        else if (flying.length > 0) {
          const part = flying.shift()
          if (part) committed.apply(part)
          pending.landed()
        }
        for (const [from, to] of [
          ['a', 'g'],
          ['b', 'd'],
          ['c', 'c'],
        ] as const) {
          const wanted = [...model].filter(k => k >= from && k < to).sort()
          assert.equal(pending.last(from, to), wanted.at(-1) ?? null)
        }
      }
    }),
    { numRuns: 1000 },
  )
  t.end()
})
