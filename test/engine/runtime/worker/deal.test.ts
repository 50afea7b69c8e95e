import fc from 'fast-check'
import t from 'tap'
import { deal, type Holder, shard } from '../../../../engine/runtime/worker/deal.ts'

const MOST = 40

/** Workers that say what they have: not always what they were dealt, and two may say the same. */
const holders: fc.Arbitrary<Holder[]> = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,6}$/),
    groups: fc.uniqueArray(fc.nat(MOST), { maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 9, selector: h => h.id },
)
const groups = fc.nat(MOST)

const all = (n: number) => Array.from({ length: n }, (_, group) => group)
const after = (dealt: ReadonlyMap<string, number[]>): Holder[] =>
  [...dealt].map(([id, groups]) => ({ id, groups }))
const moved = (before: ReadonlyMap<string, number[]>, now: ReadonlyMap<string, number[]>) =>
  [...now].flatMap(([id, own]) => own.filter(g => !before.get(id)?.includes(g)))

t.test('every group has one owner, and the numbers of two workers differ by one at most', async t => {
  fc.assert(
    fc.property(holders, groups, (holders, n) => {
      const dealt = deal(holders, n)
      t.strictSame(
        [...dealt.values()].flat().sort((a, b) => a - b),
        all(n),
      )
      t.strictSame([...dealt.keys()].sort(), holders.map(h => h.id).sort())
      const sizes = [...dealt.values()].map(own => own.length)
      return Math.max(...sizes) - Math.min(...sizes) <= 1
    }),
  )
})

t.test('the order in which workers and their groups are named changes nothing', async t => {
  const shuffled = holders.chain(holders =>
    fc.tuple(fc.constant(holders), fc.shuffledSubarray(holders, { minLength: holders.length }), fc.boolean()),
  )
  fc.assert(
    fc.property(shuffled, groups, ([one, other, reversed], n) => {
      const turned = reversed ? other.map(h => ({ ...h, groups: [...h.groups].reverse() })) : other
      t.strictSame(deal(turned, n), deal(one, n))
    }),
  )
})

t.test('dealt again to the same workers, nothing moves', async t => {
  fc.assert(
    fc.property(holders, groups, (holders, n) => {
      const dealt = deal(holders, n)
      t.strictSame(deal(after(dealt), n), dealt)
    }),
  )
})

t.test('who stays keeps what it has up to its share; only what must move moves', async t => {
  fc.assert(
    fc.property(holders, holders, groups, (some, others, n) => {
      const before = deal(some, n)
      const stay = after(before).slice(0, Math.ceil(before.size / 2))
      const come = others.filter(o => !before.has(o.id)).map(o => ({ ...o, groups: [] }))
      const now = deal([...stay, ...come], n)
      const share = Math.floor(n / (stay.length + come.length))
      // At most so many may keep one more than the share.
      const larger = n - share * (stay.length + come.length)
      const kept = stay.map(h => now.get(h.id)!.filter(g => h.groups.includes(g)).length)
      t.ok(kept.every((k, i) => k >= Math.min(share, stay[i]!.groups.length)))
      const could = stay.map(h => h.groups.length)
      const most =
        could.reduce((sum, c) => sum + Math.min(c, share), 0) +
        Math.min(larger, could.filter(c => c > share).length)
      t.equal(n - moved(before, now).length, most)
    }),
  )
})

t.test('one that comes takes from each, one that goes leaves to each', async t => {
  const three = deal(
    ['a', 'b', 'c'].map(id => ({ id, groups: [] })),
    8,
  )
  t.strictSame(
    [...three.values()].map(g => g.length),
    [3, 3, 2],
  )
  const four = deal([...after(three), { id: 'd', groups: [] }], 8)
  t.strictSame(
    [...four.values()].map(g => g.length),
    [2, 2, 2, 2],
  )
  t.strictSame(moved(three, four).length, 2)
  const two = deal(
    after(four).filter(h => h.id === 'a' || h.id === 'd'),
    8,
  )
  t.strictSame(moved(four, two).length, 4)
})

t.test('two that claim one group: one of them has it', async t => {
  const dealt = deal(
    [
      { id: 'a', groups: [0, 1] },
      { id: 'b', groups: [0, 1] },
    ],
    2,
  )
  t.strictSame([...dealt.values()].flat().sort(), [0, 1])
})

t.test('dealt by hand, every group belongs to one number', async t => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 9 }), (n, of) => {
      t.strictSame(
        all(of)
          .flatMap(i => shard(n, i, of))
          .sort((a, b) => a - b),
        all(n),
      )
    }),
  )
})
