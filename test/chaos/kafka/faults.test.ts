import t from 'tap'
import { describe, plan } from './faults.ts'

t.test('the same seed gives the same faults, and more of them begin with the fewer', async t => {
  t.strictSame(plan(7, 60), plan(7, 60))
  t.strictSame(plan(7, 60).slice(0, 12), plan(7, 12))
  t.notSame(plan(7, 60), plan(8, 60))
  t.equal(plan(7, 60).length, 60)
})

t.test('a dozen faults have one of every kind that must be there', async t => {
  for (const seed of [1, 2, 3]) {
    const kinds = new Set(plan(seed, 12).map(f => f.kind))
    t.strictSame(
      [...kinds].sort(),
      [
        'kill all',
        'kill broker',
        'kill feeder',
        'kill warehouse',
        'kill worker',
        'lost state',
        'network',
        'rebalance storm',
        'warehouse answers 500',
        'warehouse drops answers',
        'warehouse hangs',
        'zombie',
      ],
      `seed ${seed}`,
    )
  }
})

t.test('a zombie outlives its session, and one cut of the network lasts 20 seconds', async t => {
  for (const fault of plan(5, 200)) if (fault.kind === 'zombie') t.ok(fault.ms > 6_000)
  t.ok(plan(5, 12).some(f => f.kind === 'network' && f.ms === 20_000))
})

t.test('a fault is told with its parameters', async t => {
  t.equal(
    describe({ kind: 'kill worker', worker: 1, ms: 20, overlaps: true }),
    'kill worker, worker 1, ms 20 (and the next meanwhile)',
  )
})
