import fc from 'fast-check'
import t from 'tap'
import { days, LONG_AFTER, small } from './worlds.ts'

t.test('what campaigns caused and what would have come anyway are all orders', async t => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(20), (seed, n) => {
      const { all, anyway, campaigns } = small(seed).day(days(21)[n]!)
      const caused = (what: 'orders' | 'revenueMicros') =>
        campaigns.reduce((sum, c) => sum + c.caused[what], 0)
      t.equal(caused('orders') + anyway.orders, all.orders)
      t.equal(caused('revenueMicros') + anyway.revenueMicros, all.revenueMicros)
      t.ok(campaigns.every(c => c.caused.orders <= c.touched.orders && c.touched.orders <= all.orders))
    }),
    { numRuns: 15 },
  )
})

t.test(
  'a brand search goes before many orders and causes few; a generic one the other way round',
  async t => {
    const world = small()
    const share = (name: string) => {
      const told = days(60).map(day => world.day(day).campaigns.find(c => c.campaign === name)!)
      const sum = (which: 'caused' | 'touched') => told.reduce((n, one) => n + one[which].orders, 0)
      return sum('caused') / sum('touched')
    }
    t.ok(share('search-brand') < 0.25)
    t.ok(share('search-generic') > 0.35)
  },
)

t.test('contacts of the CRM came by the clicks that the site saw', async t => {
  const world = small()
  const all = days(50)
  const { people, deals, owners } = world.crm(all[24]!)
  const clicked = new Set(all.flatMap(day => world.site.events(day, LONG_AFTER).map(event => event.gclid)))
  const known = people.flatMap(person => person.clickIds.gclid ?? [])
  const seen = known.filter(gclid => clicked.has(gclid)).length
  t.ok(
    known.length > 5 && seen >= known.length * 0.9,
    `${seen} of ${known.length}; the rest came in an outage`,
  )
  for (const { people: of, owner, stages, createdAt, amounts } of deals) {
    t.ok(of.every(i => people[i]!.createdAt === createdAt) && owner! < owners.length)
    t.same(
      stages.map(s => s.at),
      stages.map(s => s.at).sort((a, b) => a - b),
    )
    t.ok(amounts.every(({ value }) => Number.isInteger(value)))
  }
  t.ok(deals.some(deal => deal.stages.at(-1)!.value === 'won'))
})
