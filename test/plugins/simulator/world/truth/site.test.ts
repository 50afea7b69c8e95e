import fc from 'fast-check'
import t from 'tap'
import {
  delayOf,
  firedAgainAfter,
  outagesBetween,
} from '../../../../../plugins/simulator/world/truth/faults.ts'
import type { Truth } from '../../../../../plugins/simulator/world/truth/index.ts'
import { addDays, startOfDay } from '../../../../../plugins/sync/days.ts'
import { days, FIRST_DAY, LONG_AFTER, small } from './worlds.ts'

const all = days(60)
const eventsOf = (world: Truth) => all.flatMap(day => world.site.events(day, LONG_AFTER))
const outagesOf = (world: Truth) => outagesBetween(world.options, FIRST_DAY, all.at(-1)!)

t.test('the site has the true purchases, less the outages, plus those fired twice', async t => {
  fc.assert(
    fc.property(fc.nat(1000), seed => {
      const world = small(seed)
      const outages = outagesOf(world)
      const orders = all.flatMap(day => world.people.ordersOn(day)).map(({ order }) => order)
      const seen = orders.filter(({ at }) => !outages.some(o => at >= o.from && at < o.until))
      const until = startOfDay(addDays(all.at(-1)!, 1), world.options.zone)
      const expected = seen.flatMap(({ transactionId, at }) => {
        const after = firedAgainAfter(world.options, transactionId)
        const again = after === null || at + after >= until ? [] : [transactionId]
        return [transactionId, ...again]
      })
      const purchases = eventsOf(world).flatMap(event => event.purchase ?? [])
      t.same(purchases.map(p => p.transactionId).sort(), expected.sort())
    }),
    { numRuns: 8 },
  )
})

t.test('a purchase fired twice is the same, within a second', async t => {
  const seen = new Map<string, { at: number; value: number }>()
  let twice = 0
  for (const { at, purchase } of eventsOf(small())) {
    if (purchase === null) continue
    const { transactionId: id, valueMicros: value } = purchase
    const before = seen.get(id)
    if (before !== undefined) {
      twice++
      t.equal(value, before.value)
      t.ok(at > before.at && at - before.at < 1_000_000)
    }
    seen.set(id, { at, value })
  }
  t.ok(twice > 2, `${twice} were fired twice`)
})

t.test('in an outage there is nothing, while people come and order', async t => {
  const world = small(7)
  const outages = outagesOf(world)
  const isOut = ({ at }: { readonly at: number }) => outages.some(o => at >= o.from && at < o.until)
  t.ok(outages.length >= 2)
  t.notOk(eventsOf(world).some(isOut))
  const visits = all.flatMap(day => world.people.around(day).flatMap(person => person.visits))
  t.ok(visits.filter(isOut).length > 5)
})

t.test('hits come late, with their whole visit, and are never taken back', async t => {
  const world = small()
  const { zone } = world.options
  let late = 0
  for (const day of days(20)) {
    const end = startOfDay(addDays(day, 1), zone)
    const [atEnd, settled] = [world.site.events(day, end), world.site.events(day, LONG_AFTER)]
    const kept = new Set(settled)
    t.ok(atEnd.every(event => kept.has(event)))
    t.ok(atEnd.every(event => event.at <= end))
    late += settled.length - atEnd.length
  }
  t.ok(late > 50, `${late} events came late`)
  const delays = world.people.of(FIRST_DAY).map(person => delayOf(world.options, person, 0))
  t.ok(delays.every(delay => delay > 0 && delay <= 40 * 3_600_000_000))
})

t.test('events are of their day, in order of time; sessions of a browser count up', async t => {
  const world = small(7, { zone: 'Europe/Berlin' })
  const sessions = new Map<string, number>()
  for (const day of days(70)) {
    const [from, until] = [day, addDays(day, 1)].map(d => startOfDay(d, 'Europe/Berlin')) as [number, number]
    const events = world.site.events(day, LONG_AFTER)
    t.ok(events.every((event, i) => event.at >= (events[i - 1]?.at ?? from) && event.at < until))
    for (const { name, clientId, sessionNumber } of events) {
      if (name !== 'session_start') continue
      if (sessionNumber <= (sessions.get(clientId) ?? 0)) t.fail(`${clientId} counts back`)
      sessions.set(clientId, sessionNumber)
    }
  }
  t.ok([...sessions.values()].some(n => n > 2))
})
