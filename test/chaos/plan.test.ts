import t from 'tap'
import { nameOf, randomFaults } from './plan.ts'

t.test('the same seed gives the same plan, another one another', async t => {
  t.same(randomFaults(7, 50), randomFaults(7, 50))
  t.notSame(randomFaults(7, 50), randomFaults(8, 50))
})

t.test('a longer plan begins with the shorter one', async t => {
  t.same(randomFaults(3, 50).slice(0, 8), randomFaults(3, 8))
})

t.test('the short version kills in a commit, in an insert and in a recovery, whatever the seed', async t => {
  for (let seed = 0; seed < 50; seed++) {
    const names = randomFaults(seed, 8).map(nameOf)
    for (const name of ['inside commit', 'during insert', 'during recovery', 'any moment (clock)'])
      t.ok(names.includes(name), `seed ${seed}: ${name}`)
  }
})

t.test('moments lie all over their stretch', async t => {
  const spreads = randomFaults(1, 200).flatMap(f =>
    f.kind === 'clock' ? [f.spread] : typeof f.nth === 'number' ? [] : [f.nth.spread],
  )
  for (const [from, to] of [
    [0, 0.5],
    [0.5, 1],
    [1, 1.5],
    [1.5, 2],
  ] as const)
    t.ok(spreads.filter(s => s >= from && s < to).length > spreads.length / 8, `${from} to ${to}`)
})
