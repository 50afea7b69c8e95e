import { join } from 'node:path'
import t from 'tap'
import { StateCache } from '../../../../../engine/log/kafka/state/cache.ts'
import { temporaryFolder } from '../../../../support/folder.ts'
import { contents } from './changelog.ts'

const b = (text: string) => Buffer.from(text)

function caches(t: { teardown(fn: () => void | Promise<void>): void }, n = 1): StateCache[] {
  const path = join(temporaryFolder(t), 'deep', 'state-0.lmdb')
  return Array.from({ length: n }, () => {
    const cache = new StateCache(path)
    t.teardown(() => cache.close())
    return cache
  })
}

t.test('stores are apart, and keys in byte order', async t => {
  const [cache] = caches(t)
  cache!.apply(
    [
      ['one', b('b'), b('2')],
      ['other', b('a'), b('9')],
      ['one', b('a'), b('1')],
      ['one', b('c'), b('3')],
      ['one', b('c'), null],
    ],
    {},
  )
  t.same(Object.entries(contents(cache!, 'one')), [
    ['a', '1'],
    ['b', '2'],
  ])
  t.same(contents(cache!, 'other'), { a: '9' })
  const reader = cache!.reader('one')
  t.ok(reader.has(b('a')))
  t.notOk(reader.has(b('c')))
  t.equal(reader.get(b('b'))?.toString(), '2')
  t.equal(reader.last(b('a'), b('b'))?.toString(), 'a')
})

t.test('a store that is not there is empty, and is not made by being read', async t => {
  const [cache] = caches(t)
  const reader = cache!.reader('none')
  t.same([reader.get(b('a')), reader.has(b('a')), reader.last(b(''), b('z'))], [undefined, false, undefined])
  t.same(contents(cache!, 'none'), {})
  cache!.apply([['none', b('a'), b('1')]], {})
  t.equal(reader.get(b('a'))?.toString(), '1', 'and is there for who asked before')
})

t.test('changes move the mark, or leave both where they are', async t => {
  const [cache] = caches(t)
  t.equal(cache!.mark, null)
  t.notOk(cache!.apply([['s', b('a'), b('1')]], { seq: 1 }, 0), 'nobody has restored it')
  t.same(contents(cache!, 's'), {})
  cache!.apply([], { cluster: 'c', at: 5, time: 9 })
  t.ok(cache!.apply([['s', b('a'), b('1')]], { seq: 1 }, 0))
  t.notOk(cache!.apply([['s', b('a'), b('2')]], { seq: 1 }, 0))
  t.match(cache!.mark, { cluster: 'c', at: 5, time: 9, seq: 1 })
  t.same(contents(cache!, 's'), { a: '1' })
})

t.test('a process that was asleep while another took its cache over cannot write it', async t => {
  const [zombie, owner] = caches(t, 2)
  zombie!.apply([['s', b('a'), b('1')]], { seq: 1 })
  owner!.apply([['s', b('a'), b('2')]], { seq: 2 }, 1)
  t.notOk(zombie!.apply([['s', b('a'), b('9')]], { seq: 2 }, 1))
  t.same(contents(owner!, 's'), { a: '2' })
  t.equal(zombie!.mark?.seq, 2)
})

t.test('a process took one store for another after a second one had made the cache anew', async t => {
  const [first, second] = caches(t, 2)
  first!.apply(
    [
      ['one', b('k'), b('1')],
      ['other', b('k'), b('2')],
    ],
    { seq: 1 },
  )
  second!.wipe()
  t.equal(second!.mark, null)
  t.same(contents(second!, 'one'), {})
  // Its changelog names them in another order by now.
  second!.apply(
    [
      ['other', b('k'), b('4')],
      ['one', b('k'), b('3')],
    ],
    { seq: 1 },
  )
  t.same([contents(first!, 'one'), contents(first!, 'other')], [{ k: '3' }, { k: '4' }])
  first!.apply([['one', b('k'), b('5')]], { seq: 2 }, 1)
  t.same([contents(second!, 'one'), contents(second!, 'other')], [{ k: '5' }, { k: '4' }])
})

t.test('it is there again when it is opened again', async t => {
  const dir = temporaryFolder(t)
  const path = join(dir, 'c.lmdb')
  t.notOk(StateCache.exists(path))
  const cache = new StateCache(path)
  cache.apply([['s', b('a'), b('1')]], { cluster: 'c', seq: 3 })
  await cache.close()
  t.ok(StateCache.exists(path))
  const again = new StateCache(path)
  t.match(again.mark, { cluster: 'c', seq: 3 })
  t.same(contents(again, 's'), { a: '1' })
  await again.close()
})
