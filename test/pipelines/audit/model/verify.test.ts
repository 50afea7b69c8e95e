import fc from 'fast-check'
import t from 'tap'
import { append, entryHash, type Head, noEntries } from '../../../../pipelines/audit/model/chain.ts'
import { commit, saltOf } from '../../../../pipelines/audit/model/commitment.ts'
import type { Anchor } from '../../../../pipelines/audit/model/finding.ts'
import { type CheckOptions, type StoredEntry, verifyChain } from '../../../../pipelines/audit/model/verify.ts'

const at = (n: number) => `2026-01-15T10:${String(n).padStart(2, '0')}:00.000000Z`

function chain(length: number, begin: Head = noEntries(), word = 'said'): StoredEntry[] {
  let head = begin
  return Array.from({ length }, (_, n) => {
    const next = append(head, { tenant: 't1', at: at(n), kind: 'TEST', body: { n, word } })
    head = next.head
    return { ...next.entry, hash: next.head.hash, private: null }
  })
}

const anchorOf = ({ seq, hash }: StoredEntry): Anchor => ({ seq, head: hash })
const rehashed = (entry: StoredEntry): StoredEntry => ({ ...entry, hash: entryHash(entry) })

/** The first finding, as `WHAT seq`; `none`. */
async function first(entries: readonly StoredEntry[], options: CheckOptions = {}): Promise<string> {
  const { findings } = await verifyChain('t1', entries, options)
  return findings[0] ? `${findings[0].what} ${findings[0].first}` : 'none'
}

const lengths = fc.integer({ min: 2, max: 12 })
const pick = (length: number) => fc.integer({ min: 0, max: length - 1 })
const placed = lengths.chain(length => fc.tuple(fc.constant(length), pick(length), pick(length)))

t.test(
  'a chain that nobody touched is in order, with its anchors and from any of its entries on',
  async t => {
    await fc.assert(
      fc.asyncProperty(placed, async ([length, i, j]) => {
        const entries = chain(length)
        const anchors = [entries[i]!, entries[j]!].map(anchorOf)
        const whole = await verifyChain('t1', entries, { anchors })
        t.strictSame(whole.findings, [])
        t.equal(whole.anchored, Math.max(i, j))
        t.strictSame(whole.head, { seq: length - 1, hash: entries.at(-1)!.hash })
        const from = { seq: i, hash: entries[i]!.hash }
        t.equal(await first(entries.slice(i + 1), { from }), 'none')
        t.equal(await first(entries.slice(i), { from: 'unknown' }), 'none')
      }),
      { numRuns: 60 },
    )
  },
)

t.test('any one entry changed in any of its fields is named', async t => {
  const changes: readonly ((e: StoredEntry) => StoredEntry)[] = [
    e => ({ ...e, body: e.body.replace('said', 'sad') }),
    e => ({ ...e, body: `${e.body} ` }),
    e => ({ ...e, body: '{' }),
    e => ({ ...e, kind: 'TEXT' }),
    e => ({ ...e, at: at(59) }),
    e => ({ ...e, v: 2 }),
    e => ({ ...e, seq: e.seq + 2 }),
    e => ({ ...e, seq: -1 }),
    e => ({ ...e, tenant: 't2' }),
    e => ({ ...e, prev: '0'.repeat(64) }),
    e => ({ ...e, hash: '0'.repeat(64) }),
    e => ({ ...e, private: '{"x":{"salt":"00","value":"y"}}' }),
  ]
  await fc.assert(
    fc.asyncProperty(placed, fc.constantFrom(...changes), async ([length, i], change) => {
      const entries = chain(length)
      t.equal(await first(entries.with(i, change(entries[i]!))), `CHANGED ${i}`, String(change))
    }),
    { numRuns: 300 },
  )
})

t.test('an entry changed with its hash made anew does not fit what follows it', async t => {
  await fc.assert(
    fc.asyncProperty(placed, async ([length, i]) => {
      const entries = chain(length)
      const changed = rehashed({ ...entries[i]!, kind: 'OTHER' })
      const found = await first(entries.with(i, changed))
      t.equal(found, i === length - 1 ? 'none' : `CHANGED ${i}`, 'the last one nothing follows')
      const anchors = [anchorOf(entries[i]!)]
      const anchored = await first(entries.with(i, changed), { anchors })
      t.equal(anchored, i === length - 1 ? 'REWRITTEN 0' : `CHANGED ${i}`)
    }),
    { numRuns: 100 },
  )
})

t.test('any run of entries deleted is named by its first; at the end only an anchor knows', async t => {
  await fc.assert(
    fc.asyncProperty(placed, async ([length, i, j]) => {
      const entries = chain(length)
      const [from, to] = [Math.min(i, j), Math.max(i, j)]
      const left = entries.toSpliced(from, to - from + 1)
      if (to < length - 1) t.equal(await first(left), `DELETED ${from}`)
      else {
        t.equal(await first(left), 'none', 'not to be seen without an anchor')
        t.equal(await first(left, { anchors: [anchorOf(entries.at(-1)!)] }), `TRUNCATED ${from}`)
      }
    }),
    { numRuns: 200 },
  )
})

t.test('any two entries that change places, and any that is moved, are named by the first place', async t => {
  await fc.assert(
    fc.asyncProperty(placed, async ([length, i, j]) => {
      fc.pre(i !== j)
      const entries = chain(length)
      const swapped = entries.with(i, entries[j]!).with(j, entries[i]!)
      t.equal(await first(swapped), `REORDERED ${Math.min(i, j)}`)
      const moved = entries.toSpliced(i, 1).toSpliced(j, 0, entries[i]!)
      t.equal(await first(moved), `REORDERED ${Math.min(i, j)}`)
    }),
    { numRuns: 200 },
  )
})

t.test('an entry there twice, and one that was made up, are named', async t => {
  await fc.assert(
    fc.asyncProperty(placed, async ([length, i, j]) => {
      const entries = chain(length)
      const copied = entries.toSpliced(j, 0, entries[i]!)
      t.equal(await first(copied), `INSERTED ${Math.min(i, j)}`)
      const { body: _, ...as } = entries[j]!
      const forged = rehashed({ ...as, body: '{"n":-1}' })
      t.equal(await first(entries.toSpliced(j, 0, forged)), `INSERTED ${j}`)
    }),
    { numRuns: 200 },
  )
})

t.test('a consistent rewrite is an interval between two anchors', async t => {
  await fc.assert(
    fc.asyncProperty(placed, async ([length, i, j]) => {
      fc.pre(i < j)
      const entries = chain(length)
      const { seq, hash } = entries[i]!
      const rewritten = [...entries.slice(0, i + 1), ...chain(length - i - 1, { seq, hash }, 'other')]
      t.equal(await first(rewritten), 'none', 'not to be seen without an anchor')
      const anchors = [entries[j]!, entries[i]!].map(anchorOf)
      const verdict = await verifyChain('t1', rewritten, { anchors })
      t.match(verdict.findings, [{ what: 'REWRITTEN', first: i + 1, last: j }])
      t.equal(verdict.anchored, i)
    }),
    { numRuns: 60 },
  )
})

t.test('another beginning is no beginning of this chain', async t => {
  const entries = chain(4)
  t.equal(await first(entries.slice(1)), 'DELETED 0')
  t.equal(await first([rehashed({ ...entries[0]!, prev: entries[1]!.hash })]), 'CHANGED 0')
  t.equal(await first(entries.slice(2), { from: { seq: 1, hash: entries[0]!.hash } }), 'CHANGED 2')
  t.equal(await first([], { anchors: [anchorOf(entries[2]!)] }), 'TRUNCATED 0')
  t.equal(await first([]), 'none')
})

t.test('what is personal may be erased, and may not be changed', async t => {
  const { commitment, opening } = commit('ann@example.com', saltOf(null, 'c1', 'actor'))
  const { entry, head } = append(noEntries(), {
    tenant: 't1',
    at: at(0),
    kind: 'TEST',
    body: { actor: commitment },
  })
  const stored = { ...entry, hash: head.hash, private: JSON.stringify({ [commitment]: opening }) }
  t.equal(await first([stored]), 'none')
  t.equal(await first([{ ...stored, private: null }]), 'none')
  const other = JSON.stringify({ [commitment]: { ...opening, value: 'bob@example.com' } })
  t.equal(await first([{ ...stored, private: other }]), 'CHANGED 0')
})
