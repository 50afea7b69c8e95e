import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { KeyedState, type StateSchema } from '../../../engine/state/keyed.ts'
import { PendingState } from '../../../engine/state/pending.ts'
import { MemoryState } from './memory.ts'

interface Counter {
  n: number
  last: unknown
}

const schema: StateSchema<Counter> = { version: 1, empty: () => ({ n: 0, last: null }) }

type Step =
  | { do: 'change'; key: string; value: unknown; tick: boolean }
  | { do: 'look' | 'delete' | 'clear'; key: string }
  | { do: 'commit' | 'land' | 'fail' | 'forget' | 'list' }

const tenants = ['a', 'ab', 'é'] as const
const key = fc
  .tuple(fc.constantFrom(...tenants), fc.option(fc.constantFrom('', 'x', 'x日本'), { nil: null }))
  .map(([tenant, rest]) => KeyedState.key(rest === null ? [tenant] : [tenant, rest]))
/** What state holds: what JSON does. (msgpackr renames `__proto__`, as it should.) */
const value = fc.jsonValue({ maxDepth: 2 }).filter(v => !JSON.stringify(v).includes('__proto__'))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('change'), key, value, tick: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('look', 'look', 'delete', 'clear'), key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('commit', 'land', 'fail', 'forget', 'list') }) },
) as fc.Arbitrary<Step>

class Model {
  values = new Map<string, string>()
  touched = new Set<string>()
  copy(): Model {
    const model = new Model()
    model.values = new Map(this.values)
    model.touched = new Set(this.touched)
    return model
  }
}

const ofTenant = (keys: Iterable<string>, tenant: string) =>
  [...keys].filter(k => KeyedState.parts(k)[0] === tenant).sort()

/** Runs the steps against a stage's state with room for so many warm values, and compares it with plain maps. */
function run(steps: readonly Step[], capacity: number): void {
  const committed = new MemoryState()
  const pending = new PendingState('store', committed)
  const state = new KeyedState('stage', schema, pending, capacity)
  let now = new Model()
  let kept = new Model()
  const flying: ReturnType<PendingState['take']>[] = []
  for (const s of steps) {
    switch (s.do) {
      case 'change': {
        const counter = state.get(s.key)
        counter.n++
        counter.last = s.value
        state.touch(s.key, s.tick)
        now.values.set(s.key, JSON.stringify(counter))
        if (s.tick) now.touched.add(s.key)
        break
      }
      case 'look':
        assert.equal(
          JSON.stringify(state.get(s.key)),
          now.values.get(s.key) ?? JSON.stringify(schema.empty()),
        )
        break
      case 'delete':
        state.delete(s.key)
        now.values.delete(s.key)
        break
      case 'clear':
        state.clearTouched(s.key)
        now.touched.delete(s.key)
        break
      case 'commit':
        state.flush()
        flying.push(pending.take())
        state.rotate()
        kept = now.copy()
        break
      case 'land': {
        if (flying.length === 0) break
        const part = flying.shift()!
        if (part) committed.apply(part)
        pending.landed()
        break
      }
      case 'fail':
        pending.rollback()
        state.drop()
        now = kept.copy()
        break
      case 'forget':
        state.flush()
        flying.push(pending.take())
        state.drop()
        kept = now.copy()
    }
    for (const tenant of tenants) {
      assert.deepEqual(state.keys(tenant, true), ofTenant(now.touched, tenant))
      // Not after every step: listing all encodes what changed.
      if (s.do === 'list') assert.deepEqual(state.keys(tenant, false), ofTenant(now.values.keys(), tenant))
    }
  }
  for (const [k, text] of now.values) assert.equal(JSON.stringify(state.get(k)), text)
}

t.test('values per key read as a map, wherever commits, crashes and restarts fall', async t => {
  for (const capacity of [1, 2, 1000])
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => run(steps, capacity)),
      { numRuns: 120 },
    )
  t.pass('for any steps')
})

t.test('a value that was read and not changed is not stored', async t => {
  const pending = new PendingState('store', new MemoryState())
  const state = new KeyedState('stage', schema, pending)
  state.get(KeyedState.key(['demo', 'a']))
  state.flush()
  t.equal(pending.take(), null)
})

t.test('state of a tenant as a whole was never ticked', async t => {
  const state = new KeyedState('stage', schema, new PendingState('store', new MemoryState()))
  const k = KeyedState.key(['demo'])
  state.get(k).n = 1
  state.touch(k, true)
  t.strictSame(state.keys('demo', true), [k])
  t.strictSame(state.keys('demo', false), [k])
  t.strictSame(state.keys('dem', false), [])
})

t.test('two stages on one partition have states of their own', async t => {
  const pending = new PendingState('store', new MemoryState())
  const [one, two] = ['one', 'two'].map(name => new KeyedState(name, schema, pending))
  const k = KeyedState.key(['demo', 'a'])
  one!.get(k).n = 5
  one!.touch(k, true)
  one!.flush()
  t.strictSame(two!.get(k), schema.empty())
  t.strictSame([one!.keys('demo', false), two!.keys('demo', false)], [[k], []])
})

t.test('a key is its parts, in the order of their bytes', async t => {
  const part = fc.string({ unit: 'grapheme', maxLength: 6 }).filter(text => !text.includes('\0'))
  const parts = fc.array(part, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      assert.deepEqual(KeyedState.parts(KeyedState.key(a)), a)
      const [x, y] = [a, b].map(p => Buffer.from(p.join('\0')))
      const [k, l] = [KeyedState.key(a), KeyedState.key(b)]
      assert.equal(Math.sign(x!.compare(y!)), k < l ? -1 : k > l ? 1 : 0)
    }),
  )
  t.pass('for any parts')
})

t.test(
  'state of an older version migrates when it is read, or is refused; a newer one always is',
  async t => {
    const committed = new MemoryState()
    const k = KeyedState.key(['demo', 'a'])
    const opened = <S>(schema: StateSchema<S>) => {
      const pending = new PendingState('store', committed)
      return { pending, state: new KeyedState('totals', schema, pending) }
    }
    const store = <S extends object>(schema: StateSchema<S>, change: Partial<S>) => {
      const { pending, state } = opened(schema)
      Object.assign(state.get(k), change)
      state.touch(k, false)
      state.flush()
      committed.apply(pending.take()!)
    }
    store(schema, { n: 7 })

    const empty = () => ({ count: 0 })
    const migrate = (old: unknown, from: number) => ({ count: (old as Counter).n * 10 ** from })
    t.throws(() => opened({ version: 2, empty }).state.get(k), {
      code: 'STATE_VERSION',
      message: 'State of stage totals has version 1, this release reads 2',
    })
    t.strictSame(opened({ version: 3, empty, migrate }).state.get(k), { count: 70 })

    const next = { version: 2, empty, migrate }
    store(next, {})
    t.strictSame(opened(next).state.get(k), { count: 70 }, 'once it was written it is not migrated again')
    t.throws(() => opened({ ...schema, migrate: () => schema.empty() }).state.get(k), {
      code: 'STATE_VERSION',
      message: 'State of stage totals has version 2, this release reads 1',
    })
  },
)

t.test('two ids that held NUL met in one key', async t => {
  const refused = { code: 'RECORD_INVALID', message: /NUL/ }
  t.throws(() => KeyedState.key(['acme', 'a\0b', 'c']), refused)
  t.throws(() => KeyedState.key(['acme', 'a', 'b\0c']), refused)
  t.equal(KeyedState.key(['acme', 'a', 'b']), 'acme\0a\0b')
})
