import assert from 'node:assert/strict'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { StateCache } from '../../../../../engine/log/kafka/state/cache.ts'
import { type RestoreOptions, restore } from '../../../../../engine/log/kafka/state/restore.ts'
import { temporaryFolder } from '../../../../support/folder.ts'
import { contents, MemoryChangelog, STORE, WRITER } from './changelog.ts'

const DAY = 86_400_000
const dir = temporaryFolder(t)
const opened: StateCache[] = []
t.teardown(() => Promise.all(opened.map(cache => cache.close())))

function newCache(): StateCache {
  const cache = new StateCache(join(dir, `${opened.length}.lmdb`))
  opened.push(cache)
  return cache
}

const options = (
  log: MemoryChangelog,
  cache: StateCache,
  more: Partial<RestoreOptions> = {},
): RestoreOptions => ({
  log,
  topic: 'state',
  partition: 0,
  cache,
  cluster: 'c1',
  tombstonesMs: DAY,
  sole: WRITER,
  now: 1_000 * DAY,
  ...more,
})

const POSITION = { group: 'task.a', topic: 't', partition: 0, next: 7 }

t.test('an empty changelog gives an empty state, and then its tail', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  t.match(await restore(options(log, cache)), { how: 'whole', records: 0 })
  log.commit(1, { k: '1' }, [POSITION])
  const { how, offsets } = await restore(options(log, cache))
  t.equal(how, 'tail')
  t.same([...offsets], [[WRITER, { seq: 1, life: 'first', positions: [POSITION] }]])
  t.same(contents(cache), { k: '1' })
})

t.test('what is not there is read whole, what is there by its tail, what is current not at all', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  log.commit(1, { a: '1', b: '1', c: '1' })
  log.commit(2, { b: '2', c: null })
  t.match(await restore(options(log, cache)), { how: 'whole', records: 7 })
  t.same(contents(cache), { a: '1', b: '2' })
  t.match(cache.mark, { cluster: 'c1', seq: 2, at: log.end })
  log.commit(3, { d: '3' })
  t.match(await restore(options(log, cache)), { how: 'tail', records: 2 })
  t.same(contents(cache), { a: '1', b: '2', d: '3' })
  const { how, offsets } = await restore(options(log, cache))
  t.equal(how, 'current')
  t.equal(offsets.get(WRITER)?.seq, 3)
})

t.test('a cache that took part in every transaction is current, however long ago it was made', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  await restore(options(log, cache))
  for (let seq = 1; seq <= 40; seq++) {
    log.commit(seq, { k: String(seq) })
    t.ok(cache.apply([[STORE, Buffer.from('k'), Buffer.from(String(seq))]], { seq, life: 'first' }, seq - 1))
  }
  t.match(await restore(options(log, cache, { now: 1_030 * DAY })), { how: 'current', records: 0 })
  t.same(contents(cache), { k: '40' })
})

t.test('a cache that lacks the last transaction is not', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  await restore(options(log, cache))
  log.commit(1, { k: '1' })
  // Killed between the commit and the cache.
  t.match(await restore(options(log, cache)), { how: 'tail' })
  t.same(contents(cache), { k: '1' })
})

t.test('a cache of another cluster is forgotten', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  cache.apply([[STORE, Buffer.from('alien'), Buffer.from('1')]], {
    cluster: 'c0',
    seq: 1,
    at: 0,
    time: 1_000 * DAY,
  })
  log.commit(1, { k: '1' })
  t.match(await restore(options(log, cache)), { how: 'whole' })
  t.same(contents(cache), { k: '1' })
})

t.test('a cache is forgotten that may have missed a tombstone that is gone', async t => {
  for (const [age, how] of [
    [DAY / 2 - 1, 'tail'],
    [DAY / 2, 'whole'],
  ] as const) {
    const [log, cache] = [new MemoryChangelog(), newCache()]
    log.commit(1, { k: '1', l: '1' })
    await restore(options(log, cache))
    log.commit(2, { k: null })
    if (how === 'whole') log.compact()
    t.equal((await restore(options(log, cache, { now: 1_000 * DAY + age }))).how, how)
    t.same(contents(cache), { l: '1' })
  }
})

t.test('a changelog that was made anew, or begins after the mark, is read whole', async t => {
  const [log, cache] = [new MemoryChangelog(), newCache()]
  log.commit(1, { a: '1', b: '1' })
  await restore(options(log, cache))
  log.clear()
  log.commit(1, { c: '1' })
  t.match(await restore(options(log, cache)), { how: 'whole' })
  t.same(contents(cache), { c: '1' })
  for (let seq = 2; seq < 9; seq++) log.commit(seq, { c: String(seq) })
  log.dropTo(log.end - 3)
  t.match(await restore(options(log, cache)), { how: 'whole' })
  t.same(contents(cache), { c: '8' })
})

t.test(
  'a topic deleted and made again was taken for the one the cache was made from, stale keys and all',
  async t => {
    const [log, cache] = [new MemoryChangelog(), newCache()]
    log.commit(1, { old: 'x', a: '1' })
    await restore(options(log, cache))
    log.clear()
    log.life = 'second'
    for (let seq = 1; seq <= 9; seq++) log.commit(seq, { a: String(seq) })
    t.match(await restore(options(log, cache)), { how: 'whole' })
    t.same(contents(cache), { a: '9' })
  },
)

t.test('the last offset record is found far from the end, and where a tail holds none', async t => {
  const [log, cache] = [new MemoryChangelog(50), newCache()]
  log.commit(5, { k: '5' }, [POSITION])
  // Another owner that wrote no more than state would: nothing of it is committed without its offsets.
  for (let i = 0; i < 300; i++) log.commit(i + 1, { [`k${i}`]: '1' }, [], 'other', 'b/t/0')
  const first = await restore(options(log, cache))
  t.equal(first.offsets.get(WRITER)?.seq, 5)
  t.equal(cache.mark?.seq, 5)
  cache.apply([], { seq: 0 })
  t.equal((await restore(options(log, cache))).offsets.get(WRITER)?.seq, 5)
})

t.test(
  'where several writers share a changelog, all of their offsets are told and none is trusted',
  async t => {
    const [log, cache] = [new MemoryChangelog(), newCache()]
    log.commit(1, { k: '1' }, [POSITION], 'one')
    log.commit(4, { l: '1' }, [], 'other')
    const shared = options(log, cache, { sole: undefined })
    t.same([...(await restore(shared)).offsets.keys()], ['one', 'other'])
    t.match(await restore(shared), { how: 'tail', records: 0 })
    t.equal(cache.mark?.seq, 0)
  },
)

t.test('what Stratum did not write is told of', async t => {
  const log = new MemoryChangelog()
  log.raw(Buffer.from('hello'), Buffer.from('1'))
  await t.rejects(restore(options(log, newCache())), {
    code: 'LOG_CORRUPT',
    message: /state\/0 holds a record that Stratum did not write \(key hello\)/,
  })
})

t.test(
  'killed anywhere and begun again, compacted meanwhile or not, the state is that of the changelog',
  async t => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const value = fc.option(fc.constantFrom('1', '2', '3'))
    const transaction = fc.dictionary(key, value, { maxKeys: 4 })
    const step = fc.oneof(
      { weight: 6, arbitrary: transaction.map(changes => ({ do: 'commit' as const, changes })) },
      { weight: 3, arbitrary: fc.nat(6).map(after => ({ do: 'killed' as const, after })) },
      { weight: 2, arbitrary: fc.constant({ do: 'restore' as const }) },
      { weight: 2, arbitrary: fc.constant({ do: 'own' as const }) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 2).map(days => ({ do: 'compact' as const, days })) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
        const [log, cache] = [new MemoryChangelog(2), newCache()]
        const model = new Map<string, string>()
        let [seq, now] = [0, 1_000 * DAY]
        for (const one of steps)
          if (one.do === 'commit' || one.do === 'own') {
            const changes: Record<string, string | null> =
              one.do === 'commit' ? one.changes : { a: String(seq), b: null }
            log.commit(++seq, changes)
            for (const [k, v] of Object.entries(changes)) v === null ? model.delete(k) : model.set(k, v)
            // The owner on this machine has it in its cache; another's is not known here.
            if (one.do === 'own')
              cache.apply(
                Object.entries(changes).map(([k, v]) => [
                  STORE,
                  Buffer.from(k),
                  v === null ? null : Buffer.from(v),
                ]),
                { seq },
                seq - 1,
              )
          } else if (one.do === 'compact') {
            // Tombstones go when they are old enough.
            now += one.days * DAY
            if (one.days > 0) log.compact()
          } else {
            if (one.do === 'killed') log.killAfter = log.seen + one.after
            try {
              await restore(options(log, cache, { now }))
              assert.deepEqual(contents(cache), Object.fromEntries([...model].sort()))
              assert.equal(cache.mark?.seq, seq)
            } catch (error) {
              assert.equal((error as Error).message, 'killed')
            }
            log.killAfter = Number.POSITIVE_INFINITY
          }
        const { offsets } = await restore(options(log, cache, { now }))
        assert.deepEqual(contents(cache), Object.fromEntries([...model].sort()))
        assert.equal(offsets.get(WRITER)?.seq ?? 0, seq)
      }),
      { numRuns: 60 },
    )
    t.pass('for any of it')
  },
)
