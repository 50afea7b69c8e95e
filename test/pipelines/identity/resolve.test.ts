import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { byName, type Candidate, contactKey } from '../../../pipelines/identity/model/graph.ts'
import { resolve } from '../../../pipelines/identity/model/resolve.ts'
import { connected, edge, edges, groupsOf } from './edges.ts'

const NONE = { perPerson: {} }
const standing = (all: readonly Candidate[], limits = NONE) => resolve(all, limits).standings
const inForce = (all: readonly Candidate[], limits = NONE) => {
  const { standings } = resolve(all, limits)
  return all.filter((_, i) => standings[i] === 'in_force')
}

t.test('without limits and logins people are one who are connected: as found by going round', async () => {
  fc.assert(
    fc.property(edges(['click_id', 'email', 'phone']), all => {
      const { resolved } = resolve(all, NONE)
      const open = all.filter(({ out }) => out === null)
      const alone = all.filter(({ person }) => !open.some(o => o.person === person))
      const expected = connected([...open, ...alone.map(e => ({ ...e, key: `of ${e.person}` }))])
      assert.deepEqual(groupsOf(resolved), expected)
      for (const group of expected)
        for (const person of group) assert.equal(resolved.get(person), group.toSorted(byName)[0])
    }),
    { numRuns: 500 },
  )
})

t.test('whatever the edges and limits: the order they are given in changes nothing', async () => {
  fc.assert(
    fc.property(edges(), fc.integer({ min: 1, max: 4 }), fc.nat(), (all, most, seed) => {
      const limits = { perPerson: { email: most, phone: most } }
      const there = resolve(all, limits)
      const places = all.map((_, i) => i).sort((a, b) => ((a * 31 + seed) % 7) - ((b * 31 + seed) % 7))
      const back = resolve(
        places.map(i => all[i]!),
        limits,
      )
      assert.deepEqual(
        back.standings,
        places.map(i => there.standings[i]),
      )
      assert.deepEqual([...back.resolved].sort(), [...there.resolved].sort())
    }),
    { numRuns: 500 },
  )
})

t.test('nobody has two logins of a source, or more e-mails and phones than the limits', async () => {
  fc.assert(
    fc.property(edges(), fc.integer({ min: 1, max: 4 }), (all, most) => {
      const limits = { perPerson: { email: most, phone: most } }
      const { resolved, standings } = resolve(all, limits)
      const open = all.filter((_, i) => standings[i] === 'in_force')
      for (const name of new Set(resolved.values())) {
        const of = (kind: string) =>
          new Set(open.filter(e => e.kind === kind && resolved.get(e.person) === name).map(e => e.key)).size
        assert.ok(of('external_id') <= 1)
        assert.ok(of('email') <= most && of('phone') <= most)
      }
      // Who is taken for one is connected by edges in force, and by nothing else.
      for (const group of connected(open)) assert.equal(new Set(group.map(p => resolved.get(p))).size, 1)
      for (const group of groupsOf(resolved))
        if (group.length > 1) assert.ok(connected(open).some(found => group.every(p => found.includes(p))))
      for (const [i, e] of all.entries()) {
        if (e.out !== null) assert.equal(standings[i], e.out)
        // In quarantine is a value and not an edge of it.
        if (standings[i] === 'quarantine') assert.ok(!open.some(o => o.key === e.key))
        // A conflict is one: the two sides have different logins.
        if (standings[i] === 'conflict') assert.ok(all.filter(o => o.kind === 'external_id').length > 1)
      }
    }),
    { numRuns: 500 },
  )
})

t.test('two logins of one source keep people apart, of two sources they do not', async t => {
  const shared = [edge('a', 'email', 1), edge('b', 'email', 1, 1)]
  const logins = (source: string) => [
    edge('a', 'external_id', 'anna'),
    edge('b', 'external_id', 'ben', 0, { source }),
  ]
  t.strictSame(standing([...logins('shop'), ...shared]), ['in_force', 'in_force', 'in_force', 'conflict'])
  t.strictSame(standing([...logins('app'), ...shared]), Array(4).fill('in_force'))
  t.strictSame(
    standing([edge('a', 'external_id', 'anna', 2), edge('a', 'external_id', 'ben', 1)]),
    ['conflict', 'in_force'],
    'a browser is of who logged in first',
  )
})

t.test('stronger identifiers go first: a login that comes late takes a weaker join back', async t => {
  const weak = [edge('a', 'phone', 1, 0), edge('b', 'phone', 1, 1)]
  t.strictSame(groupsOf(resolve(weak, NONE).resolved), [['a', 'b']])
  const logins = [edge('a', 'external_id', 'anna', 9), edge('b', 'external_id', 'ben', 9)]
  t.strictSame(groupsOf(resolve([...weak, ...logins], NONE).resolved), [['a'], ['b']])
})

t.test('the sixth e-mail of a person is in quarantine, and what it had joined is apart', async t => {
  const limits = { perPerson: { email: 5, phone: 10 } }
  const five = [1, 2, 3, 4, 5].map(n => edge('a', 'email', n, n))
  t.strictSame(standing(five, limits), Array(5).fill('in_force'))
  t.strictSame(standing([...five, edge('a', 'email', 6, 6), edge('b', 'email', 6, 7)], limits).slice(5), [
    'quarantine',
    'quarantine',
  ])
  t.strictSame(
    standing([...five, edge('a', 'email', 6, 0)], limits),
    ['in_force', 'in_force', 'in_force', 'in_force', 'quarantine', 'in_force'],
    'what was seen first stays, not what came first',
  )
  // An office's telephone: three people with two e-mails each are six.
  const office = ['a', 'b', 'c'].flatMap((who, n) => [
    edge(who, 'email', `${who}1`),
    edge(who, 'email', `${who}2`),
    edge(who, 'phone', 'office', n),
  ])
  t.strictSame(groupsOf(resolve(office, limits).resolved), [['a'], ['b'], ['c']])
  t.strictSame(groupsOf(resolve(office.slice(0, 6), limits).resolved), [['a', 'b']])
  t.equal(inForce(office, limits).filter(e => e.kind === 'phone').length, 0)
})

t.test('a group goes by the first of its people, a contact only where there is nobody else', async t => {
  const crm = contactKey('crm', '1')
  const { resolved } = resolve([edge('z', 'email', 1), edge(crm, 'email', 1), edge('y', 'email', 1)], NONE)
  t.strictSame(Object.fromEntries(resolved), { z: 'y', [crm]: 'y', y: 'y' })
})
