import fc from 'fast-check'
import t from 'tap'
import { execute, FATES, lease, use } from './executor.ts'
import { World } from './world.ts'

/** `STRATUM_RUNS=1000000` for the whole claim: it takes half an hour. */
const RUNS = Number(process.env.STRATUM_RUNS ?? 400)
const MINUTE = 60_000_000
const CAMPAIGNS = 12
const SETTINGS = {
  auto_approve: true,
  roas_threshold: 0.1,
  pause_roas_threshold: 0.1,
  min_hours_between_changes: 0,
  max_changes_per_day: 30,
  blast_radius: { entities_pct: 60, money_pct: 100, increases_per_hour: 8 },
}

type Step = (world: World) => void

const campaign = fc.integer({ min: 0, max: CAMPAIGNS - 1 }).map(i => `c${i}`)
const nth = fc.nat(30)
const pick = (world: World, n: number): string =>
  [...world.actions.keys()][n % Math.max(1, world.actions.size)] ?? 'none'

const approvedOf = (world: World) => [...world.actions.values()].filter(({ state }) => state === 'APPROVED')

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.uniqueArray(campaign, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('auto' as const, 'suggest' as const, 'shadow' as const),
      fc.constantFrom(0.1, -0.2),
      fc.integer({ min: 1, max: 2 }),
    )
    .map(
      ([campaigns, mode, by, version]): Step =>
        world =>
          world.match(campaigns, mode, by, version),
    ),
  fc.tuple(nth, fc.constantFrom('w1', 'w2', 'w3'), fc.constantFrom(...FATES)).map(
    ([n, holder, fate]): Step =>
      world =>
        execute(world, pick(world, n), holder, fate),
  ),
  // Slow ones: much may happen between a lease and its use.
  fc.tuple(nth, fc.constantFrom('w1', 'w2', 'w3')).map(
    ([n, holder]): Step =>
      world => {
        const held = lease(world, approvedOf(world)[n % 3]?.action_id ?? pick(world, n), holder)
        if (held !== null) world.held.push(held)
      },
  ),
  fc.tuple(nth, fc.constantFrom(...FATES)).map(
    ([n, fate]): Step =>
      world => {
        const [held] = world.held.splice(n % Math.max(1, world.held.length), 1)
        if (held !== undefined) use(world, held, fate)
      },
  ),
  fc
    .tuple(
      nth,
      fc.constantFrom('approve', 'dismiss', 'retry', 'rollback'),
      fc.constantFrom('ADMIN', 'MANAGER', 'ANALYST'),
    )
    .map(
      ([n, what, role]): Step =>
        world =>
          void world.command(`autopilot.${what}`, { action_id: pick(world, n) }, { role }),
    ),
  // A good hour: the gate is open, rules match, workers take what there is.
  fc
    .tuple(fc.constantFrom(0.1, -0.2), fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 8 }))
    .map(
      ([by, fates]): Step =>
        world => {
          world.gate({})
          world.match(['c0', 'c3', 'c5', 'c7'], 'auto', by)
          for (const [i, fate] of fates.entries())
            for (const { action_id } of approvedOf(world).slice(0, 2))
              execute(world, action_id, `w${i % 3}`, fate)
        },
    ),
  fc.boolean().map(
    (engaged): Step =>
      world =>
        world.kill(engaged),
  ),
  fc.integer({ min: 1, max: 600 }).map(
    (minutes): Step =>
      world =>
        world.pass(minutes * MINUTE),
  ),
  fc.constantFrom({}, { emq: null }, { freshness: 0 }, { variance: 50 }).map(
    (components): Step =>
      world =>
        world.gate(components),
  ),
  // Somebody changes the budget on the platform; it is seen, or not yet.
  fc.tuple(campaign, fc.integer({ min: 50, max: 150 }), fc.boolean()).map(
    ([id, budget, isSeen]): Step =>
      world => {
        world.budgets.set(id, budget * 1_000_000)
        world.touched.add(id)
        if (isSeen) world.see(world.view(id))
      },
  ),
  fc.constant<Step>(world => world.crash()),
)

t.test(
  'whatever happens: no arrow that the diagram has not, no write without a decision, none twice',
  async t => {
    let writes = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), steps => {
        const world = new World(CAMPAIGNS, SETTINGS)
        for (const one of steps) one(world)
        writes += world.writes.length
        if (world.wrong.length > 0) throw new Error(world.wrong.join('; '))
      }),
      { numRuns: RUNS },
    )
    t.ok(writes > RUNS / 20, `${writes} writes were made`)
  },
)

t.test('a process that ends anywhere changes nothing of what is decided', async t => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), steps => {
      const make = () => new World(CAMPAIGNS, SETTINGS)
      const [one, other] = [make(), make()]
      for (const next of steps) {
        next(one)
        next(other)
        other.crash()
      }
      return (
        JSON.stringify([...one.actions]) === JSON.stringify([...other.actions]) && one.packed === other.packed
      )
    }),
    { numRuns: Math.min(RUNS, 2_000) / 2 },
  )
  t.pass('the same')
})

t.test(
  'a thousand matches at once, four workers, a crash in the middle: never more than the limit',
  async t => {
    const world = new World(1_000, {
      auto_approve: true,
      roas_threshold: 0.1,
      pause_roas_threshold: 0.1,
      max_changes_per_day: 10_000,
      blast_radius: { increases_per_hour: 30, money_pct: 15, entities_pct: 10 },
    })
    const all = Array.from({ length: 1_000 }, (_, i) => `c${i}`)
    world.match(all.slice(0, 600), 'auto', 0.1)
    world.crash()
    world.match(all.slice(600), 'auto', 0.1)
    const approved = approvedOf(world)
    // Mean spend of the account is 1,000 a day: 15 % are 150, each increase is 10; 30 increases an hour; 100 campaigns.
    t.equal(approved.length, 15)
    approved.forEach(({ action_id }, i) => {
      execute(world, action_id, `w${i % 4}`, i % 5 === 0 ? 'dies after' : 'writes')
      if (i === 7) world.crash()
    })
    world.match(all, 'auto', 0.1)
    for (const { action_id } of approvedOf(world))
      for (const worker of ['w0', 'w1', 'w2', 'w3']) execute(world, action_id, worker, 'writes')
    world.pass(2 * MINUTE)
    for (const { action_id } of approvedOf(world))
      for (const worker of ['w0', 'w1', 'w2', 'w3']) execute(world, action_id, worker, 'writes')
    t.strictSame(world.wrong, [])
    t.equal(world.writes.length, 15)
    const moved = world.writes.reduce((sum, { value }) => sum + Math.abs(Number(value) - 100_000_000), 0)
    t.equal(moved, 150_000_000)
  },
)
