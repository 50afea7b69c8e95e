import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type IdentityEvent, identityEventKind } from '../../../pipelines/identity/kinds.ts'
import { ask, command } from '../commands.ts'
import { Row, type Told } from '../row.ts'
import { connected } from './edges.ts'
import { contact, linksOf, seen } from './facts.ts'

const open = (forgetful = false) => Row.open('tenant', 'facts', { forgetful })

/** Edges in force by what was written of them: each comes and goes in turn. */
function inForce(row: Row): Map<string, IdentityEvent> {
  const edges = new Map<string, IdentityEvent>()
  for (const event of row.of<IdentityEvent>(identityEventKind)) {
    const name = `${event.person_key} ${event.key_hash}`
    const isIn = event.kind === 'link' || event.kind === 'merge'
    if (event.kind !== 'refuse') assert.equal(edges.has(name), !isIn, `${event.kind} ${name}`)
    if (isIn) edges.set(name, event)
    else edges.delete(name)
  }
  return edges
}

/** Who is taken for whom, and by which edges. */
const stand = (row: Row) => ({ links: linksOf(row), edges: [...inForce(row).keys()].sort() })

const writtenTo = (row: Row, topic: string) => row.written.filter(w => w.topic === topic)

/** What is written of links is what the edges in force connect. */
function agrees(row: Row): void {
  const links = linksOf(row)
  const edges = [...inForce(row).values()].map(({ person_key: person, key_hash: key }) => ({ person, key }))
  const groups = connected(edges).filter(group => group.length > 1)
  const joined = Object.keys(links).length
  assert.equal(
    groups.reduce((sum, group) => sum + group.length - 1, 0),
    joined,
  )
  for (const group of groups) assert.equal(new Set(group.map(person => links[person] ?? person)).size, 1)
}

const hex = (n: number) => String(n).repeat(64)
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 })

const visit: fc.Arbitrary<Told> = fc
  .record({
    person: fc.constantFrom('anna', 'ben', 'cem', 'dora', 'eva'),
    minute: fc.nat(9),
    id: some(fc.constantFrom('u1', 'u2')),
    click: some(fc.nat(3)),
    email: some(fc.nat(3)),
  })
  .map(({ person, minute, id, click, email }) =>
    seen(person, minute, {
      id: id ?? null,
      clicks: click === undefined ? {} : { gclid: `c${click}` },
      params: email === undefined ? {} : { em: hex(email) },
    }),
  )
const saying: fc.Arbitrary<Told> = fc
  .record({
    id: fc.constantFrom('1', '2', '3'),
    minute: fc.nat(9),
    click: some(fc.nat(3)),
    email: some(fc.nat(1)),
    phone: some(fc.nat(1)),
    is_deleted: fc.constantFrom(false, false, false, true),
  })
  .map(({ id, minute, click, email, phone, is_deleted }) =>
    contact(id, minute, {
      click_ids: click === undefined ? {} : { gclid: `c${click}` },
      email: email === undefined ? null : `e${email}`,
      phone: phone === undefined ? null : `p${phone}`,
      is_deleted,
    }),
  )
const facts = fc.array(fc.oneof({ weight: 2, arbitrary: visit }, saying), { minLength: 2, maxLength: 20 })

t.test('the same facts in any order, in any batches: the same people by the same edges', async () => {
  await fc.assert(
    fc.asyncProperty(facts, fc.nat(), fc.nat(19), async (told, seed, cut) => {
      const [there, back, apart] = [await open(), await open(), await open(true)]
      there.feed(...told)
      const order = told.map((_, i) => i).sort((a, b) => ((a * 17 + seed) % 23) - ((b * 17 + seed) % 23))
      for (const i of order) back.feed(told[i]!)
      apart.feed(...told.slice(0, cut))
      apart.feed(...told.slice(cut))
      assert.deepEqual(stand(back), stand(there))
      for (const topic of ['identity', 'persons'])
        assert.deepEqual(writtenTo(apart, topic), writtenTo(there, topic))
      for (const row of [there, back]) agrees(row)
    }),
    { numRuns: 30 },
  )
})

t.test('what joins somebody and is taken out leaves all as it was; put back, it is as before', async () => {
  await fc.assert(
    fc.asyncProperty(facts, fc.nat(), fc.boolean(), async (told, pick, isValue) => {
      const row = await open()
      row.feed(...told)
      const merges = [...inForce(row).values()]
      if (merges.length === 0) return
      const { person_key, key_hash } = merges[pick % merges.length]!
      const before = stand(row)
      const [out, back] = isValue ? ['block', 'unblock'] : ['unmerge', 'remerge']
      assert.ok(ask(row, command(`identity.${out}`, { person_key, key_hash })).accepted)
      agrees(row)
      const edges = [...inForce(row).values()]
      assert.ok(!edges.some(e => e.key_hash === key_hash && (isValue || e.person_key === person_key)))
      // It stays out, whatever comes: all of it once more.
      row.feed(...told)
      assert.ok(
        ![...inForce(row).values()].some(
          e => e.key_hash === key_hash && (isValue || e.person_key === person_key),
        ),
      )
      assert.ok(ask(row, command(`identity.${back}`, { person_key, key_hash })).accepted)
      assert.deepEqual(stand(row), before)
    }),
    { numRuns: 30 },
  )
})

t.test('a value that is blocked before anybody is seen with it joins nobody', async () => {
  await fc.assert(
    fc.asyncProperty(facts, fc.nat(), async (told, pick) => {
      const first = await open()
      first.feed(...told)
      const keys = [...new Set([...inForce(first).values()].map(e => e.key_hash))].sort()
      if (keys.length === 0) return
      const key_hash = keys[pick % keys.length]!
      const row = await open()
      ask(row, command('identity.block', { key_hash }))
      row.feed(...told)
      assert.ok(![...inForce(row).values()].some(e => e.key_hash === key_hash))
      ask(first, command('identity.block', { key_hash }))
      assert.deepEqual(stand(row), stand(first), 'blocked first or last is the same')
    }),
    { numRuns: 20 },
  )
})

t.test('a merge that is undone returns exactly who was one before it', async () => {
  await fc.assert(
    fc.asyncProperty(facts, visit, async (told, last) => {
      const row = await open()
      row.feed(...told)
      const before = stand(row)
      const known = row.of<IdentityEvent>(identityEventKind).length
      row.feed(last)
      const made = row.of<IdentityEvent>(identityEventKind).slice(known)
      // What is stronger or earlier may take others' place: that is no mere merge.
      if (made.some(e => e.kind !== 'merge')) return
      for (const { person_key, key_hash } of made)
        assert.ok(ask(row, command('identity.unmerge', { person_key, key_hash })).accepted)
      assert.deepEqual(stand(row), before)
    }),
    { numRuns: 40 },
  )
})
