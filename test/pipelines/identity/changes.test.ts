import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  changesOf as changesBetween,
  type Moved,
  type Resolved,
} from '../../../pipelines/identity/model/changes.ts'
import type { Candidate, Standing } from '../../../pipelines/identity/model/graph.ts'
import { resolve } from '../../../pipelines/identity/model/resolve.ts'
import { edge, edges, people } from './edges.ts'

interface Picture {
  readonly edges: readonly (readonly [Candidate, Standing])[]
  readonly resolved: Resolved
}

function picture(all: readonly Candidate[], email = 3): Picture {
  const { resolved, standings } = resolve(all, { perPerson: { email } })
  return { edges: all.map((e, i) => [e, standings[i]!] as const), resolved }
}

const nameOf = ({ person, key }: Candidate) => `${person} ${key}`

function changesOf(before: Picture, after: Picture) {
  const stood = new Map(before.edges.map(([e, standing]) => [nameOf(e), standing]))
  const stands = new Set(after.edges.map(([e]) => nameOf(e)))
  const moved: Moved[] = after.edges.map(([edge, standing]) => ({
    edge,
    before: stood.get(nameOf(edge)) ?? null,
    after: standing,
  }))
  for (const [edge, standing] of before.edges)
    if (!stands.has(nameOf(edge))) moved.push({ edge, before: standing, after: 'gone' })
  return changesBetween(moved, before.resolved, after.resolved)
}

const short = (before: readonly Candidate[], after: readonly Candidate[]) =>
  changesOf(picture(before), picture(after)).map(
    ({ kind, edge, other, reason }) => `${kind} ${edge.person} ${edge.key} ${other} ${reason}`,
  )

t.test('what becomes of an edge is said once, with whom it joins and why it does not', async t => {
  const [a, b, c] = [edge('a', 'email', 1), edge('b', 'email', 1, 1), edge('c', 'email', 1, 2)]
  t.strictSame(short([], [a]), ['link a email 1 null null'])
  t.strictSame(short([a], [a, b]), ['merge b email 1 a null'])
  t.strictSame(short([a, b], [a]), ['unmerge b email 1 a gone'])
  t.strictSame(short([a, b, c], [a, { ...b, out: 'cut' }, c]), ['unmerge b email 1 a cut'])
  t.strictSame(
    short(
      [a, b],
      [a, b].map(e => ({ ...e, out: 'block' })),
    ),
    ['unlink a email 1 null block', 'unmerge b email 1 a block'],
  )
  const [x, y] = [edge('a', 'external_id', 'x'), edge('b', 'external_id', 'y')]
  t.strictSame(short([a, x], [a, x, b, y]), ['link b external_id y null null', 'refuse b email 1 a conflict'])
  t.strictSame(short([a, b], [a, b]), [])
})

/** What a picture says of who is one. */
const resolvedIn = ({ resolved }: Picture, person: string) => resolved.get(person) ?? person

t.test('merges and unmerges are as many as it takes, and their edges lead there', async () => {
  fc.assert(
    fc.property(edges(), edges(), (first, second) => {
      const [before, after] = [picture(first), picture(second)]
      const changes = changesOf(before, after)
      const cells = new Set(people.map(p => `${resolvedIn(before, p)} ${resolvedIn(after, p)}`)).size
      const groups = (of: Picture) => new Set(people.map(p => resolvedIn(of, p))).size
      const count = (kind: string) => changes.filter(change => change.kind === kind).length
      assert.equal(count('unmerge'), cells - groups(before))
      assert.equal(count('merge'), cells - groups(after))
      for (const { kind, edge, other } of changes) {
        const [one, another] = [edge.person, other ?? edge.person]
        if (kind === 'unmerge')
          assert.deepEqual(
            [
              resolvedIn(before, one) === resolvedIn(before, another),
              resolvedIn(after, one) === resolvedIn(after, another),
            ],
            [true, false],
          )
        if (kind === 'merge')
          assert.deepEqual(
            [
              resolvedIn(before, one) === resolvedIn(before, another),
              resolvedIn(after, one) === resolvedIn(after, another),
            ],
            [false, true],
          )
      }
      const named = changes.map(({ edge }) => `${edge.person} ${edge.key}`)
      assert.equal(new Set(named).size, named.length)
    }),
    { numRuns: 1000 },
  )
})
