import assert from 'node:assert/strict'
import fc from 'fast-check'
import { MAX_STATE_KEY_BYTES, type StateChange } from '../../../engine/log/port.ts'
import { append, bytes, keys, readAll, record, type Subject, type Test, topicOn, unique } from './subject.ts'

const PAST_ALL = Buffer.alloc(40, 0xff)
const key = fc.uint8Array({ maxLength: 3, max: 4 }).map(b => Buffer.from(b))
const change: fc.Arbitrary<StateChange> = fc.record({
  key,
  value: fc.option(
    fc.uint8Array({ maxLength: 20 }).map(b => Buffer.from(b)),
    { nil: null },
  ),
})
const part = fc.record({
  store: fc.nat({ max: 1 }),
  changes: fc.array(change, { maxLength: 6 }),
  deleteRanges: fc.array(fc.tuple(key, key), { maxLength: 2 }),
})

/** State is a map in byte order: ranges are removed first, then changes apply in turn. */
export function state(t: Test, subject: Subject): void {
  t.test('committed state is a map in byte order', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(part, { maxLength: 3 }), { maxLength: 5 }), async commits => {
        const stores = [unique('store'), unique('store')]
        const models = [new Map<string, string>(), new Map<string, string>()]
        for (const parts of commits) {
          await writer.commit({ state: parts.map(p => ({ ...p, store: stores[p.store]! })) })
          for (const { store, changes, deleteRanges } of parts) {
            const model = models[store]!
            for (const [from, to] of deleteRanges)
              for (const k of [...model.keys()])
                if (k >= from.toString('hex') && k < to.toString('hex')) model.delete(k)
            for (const { key, value } of changes)
              if (value === null) model.delete(key.toString('hex'))
              else model.set(key.toString('hex'), value.toString('hex'))
          }
        }
        for (const [i, model] of models.entries()) {
          const reader = log.state(stores[i]!)
          const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
          assert.deepEqual(
            Array.from(reader.range(Buffer.alloc(0), PAST_ALL), e => [
              e.key.toString('hex'),
              e.value.toString('hex'),
            ]),
            sorted,
          )
          assert.deepEqual(
            Array.from(reader.range(Buffer.from([1]), Buffer.from([3])), e => e.key.toString('hex')),
            sorted.map(([k]) => k).filter(k => k >= '01' && k < '03'),
          )
          for (const [from, to] of [
            ['', 'ff'],
            ['01', '03'],
            ['0102', '0103'],
          ] as const)
            assert.equal(
              reader.last(Buffer.from(from, 'hex'), Buffer.from(to, 'hex'))?.toString('hex'),
              sorted.map(([k]) => k).findLast(k => k >= from && k < to),
            )
          for (const k of ['', '00', '01', '0102', '010203', ...model.keys()]) {
            const at = Buffer.from(k, 'hex')
            assert.equal(reader.has(at), model.has(k))
            assert.equal(reader.get(at)?.toString('hex'), model.get(k))
          }
        }
      }),
      { numRuns: 40 },
    )
    t.pass('for any changes')
  })

  t.test('a store nobody has written to is empty', async t => {
    const { log } = await subject.fresh(t)
    const reader = log.state(unique('store'))
    t.equal(reader.get(bytes('a')), undefined)
    t.equal(reader.has(bytes('a')), false)
    t.strictSame([...reader.range(Buffer.alloc(0), PAST_ALL)], [])
  })

  t.test('a store that a refused commit would have made shared its keys with the next new one', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const [one, two] = [unique('store'), unique('store')]
    const part = (store: string, key: Buffer) => ({ store, changes: [{ key, value: bytes(store) }] })
    const tooLong = Buffer.alloc(MAX_STATE_KEY_BYTES + 1)
    await t.rejects(writer.commit({ state: [part(one, bytes('a')), part(one, tooLong)] }))
    await writer.commit({ state: [part(two, bytes('a'))] })
    t.notOk(log.state(one).has(bytes('a')))
    await writer.commit({ state: [part(one, bytes('a'))] })
    t.strictSame(log.state(one).get(bytes('a')), bytes(one))
    t.strictSame(log.state(two).get(bytes('a')), bytes(two))
  })

  t.test('the longest key is kept, a longer one is refused with all of its commit', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    const writer = await log.writer(unique('group'))
    const store = unique('store')
    const put = (length: number) => [
      { store, changes: [{ key: Buffer.alloc(length, 7), value: bytes('v') }] },
      { store, changes: [{ key: bytes('beside'), value: bytes(`${length}`) }] },
    ]
    await append(writer, topic, [record('a', 'v')], 0, { state: put(MAX_STATE_KEY_BYTES) })
    await t.rejects(append(writer, topic, [record('b', 'v')], 0, { state: put(MAX_STATE_KEY_BYTES + 1) }), {
      code: 'RECORD_INVALID',
      message: `${MAX_STATE_KEY_BYTES + 1} bytes`,
    })
    t.ok(log.state(store).has(Buffer.alloc(MAX_STATE_KEY_BYTES, 7)))
    t.strictSame(log.state(store).get(bytes('beside')), bytes(`${MAX_STATE_KEY_BYTES}`))
    t.strictSame(keys(await readAll(log, topic)), ['a'])
  })
}
