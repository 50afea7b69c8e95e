import fc from 'fast-check'
import t from 'tap'
import { CAMPAIGNS, type Truth } from '../../../../../plugins/simulator/world/truth/index.ts'
import { startOfDay } from '../../../../../plugins/sync/days.ts'
import { days, LONG_AFTER, small } from './worlds.ts'

const HOUR_US = 3_600_000_000

/** What all windows tell of a day, at some hours after it began. */
const toldOf = (world: Truth, day: string, hours: number) => {
  const asOf = startOfDay(day, world.options.zone) + hours * HOUR_US
  return {
    events: world.site.events(day, asOf),
    ads: CAMPAIGNS.flatMap(({ platform, ads }) => ads.map(ad => world.ads.adDay(platform, ad.id, day, asOf))),
    truth: world.day(day),
  }
}

t.test('the same seed is the same world, in whatever order it is asked and from whatever day on', async t => {
  const asked = fc.array(fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 900 })), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(fc.nat(1000), asked, (seed, questions) => {
      const day = (n: number) => days(30)[n]!
      const world = small(seed)
      const first = questions.map(([n, hours]) => toldOf(world, day(n), hours))
      const other = small(seed, { firstDay: '2025-12-01' })
      const anew = [...questions].reverse().map(([n, hours]) => toldOf(other, day(n), hours))
      t.same(anew.reverse(), first)
    }),
    { numRuns: 12 },
  )
})

t.test('another seed is another world', async t => {
  const day = days(1)[0]!
  t.not(small(1).day(day).all.revenueMicros, small(2).day(day).all.revenueMicros)
})

t.test('nothing is told of days before the first', async t => {
  const world = small()
  t.same(world.site.events('2026-01-04', LONG_AFTER), [])
  t.equal(world.ads.adDay('meta', CAMPAIGNS[0]!.ads[0]!.id, '2026-01-04', LONG_AFTER), null)
})

t.test('a longer CRM begins with the shorter one', async t => {
  const world = small()
  const [short, long] = [world.crm('2026-02-05'), world.crm('2026-03-05')]
  t.same(long.people.slice(0, short.people.length), short.people)
  t.same(long.deals.slice(0, short.deals.length), short.deals)
  t.ok(long.deals.length > short.deals.length && short.deals.length > 0)
})
