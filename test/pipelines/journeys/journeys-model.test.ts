import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { checkJourney } from '../../../pipelines/attribution/model/journey.ts'
import { addJourney, attributed, emptyTally } from '../../../pipelines/attribution/model/tally.ts'
import { attributable, journeysOf, lagDays } from '../../../pipelines/journeys/model/journeys.ts'
import { sourceMedium, touchOf } from '../../../pipelines/journeys/model/keys.ts'
import { letGo, MOST_TOUCHES } from '../../../pipelines/journeys/model/let-go.ts'
import { type Touched, withoutTouch, withTouch } from '../../../pipelines/journeys/model/touches.ts'
import { anyTouches, touched } from './touched.ts'

const standard = { lookbackDays: 90, excludeDirect: false }
const ga4 = { lookbackDays: 0, excludeDirect: false }
const channels = (touches: readonly Touched[], cutting = standard) =>
  journeysOf(touches, cutting).map(
    j => `${j.touches.map(touch => touch.channel).join(' ')}${j.conversions > 0 ? ' !' : ''}`,
  )

t.test('a session with a purchase closes a journey, and the next session opens another', async t => {
  const visits = [
    touched('A', 0),
    touched('B', 1),
    touched('C', 2, { purchases: 2, value_micros: 5 }),
    touched('D', 3),
  ]
  t.same(channels(visits), ['A B C !', 'D'])
  const [first, second] = journeysOf(visits, standard)
  t.match(first, {
    conversions: 2,
    valueMicros: 5,
    currency: 'EUR',
    closedAt: visits[2]!.started_at,
    date: '2026-01-17',
  })
  t.equal(lagDays(first!), 2)
  t.match(second, { conversions: 0, valueMicros: null, currency: null, convertedAt: null })
  t.equal(lagDays(second!), null)
})

t.test('what is longer ago than the look-back is a journey of its own', async t => {
  const bought = { purchases: 1, value_micros: 1 }
  t.same(channels([touched('A', 0), touched('B', 60), touched('C', 120, bought)]), ['A', 'B C !'])
  t.same(channels([touched('A', 0), touched('B', 90, bought)]), ['A B !'], 'to the day: still in it')
  t.same(channels([touched('A', 0), touched('B', 91)]), ['A', 'B'], 'nothing followed in time')
  t.same(channels([touched('A', 0), touched('B', 60), touched('C', 120)]), ['A B C'], 'it went on and on')
  t.same(channels([touched('A', 0), touched('B', 1_000, bought)], ga4), ['A B !'], 'no limit')
})

t.test('an open journey is the null of the day on which its look-back ends', async t => {
  const [open] = journeysOf([touched('A', 0), touched('B', 10)], standard)
  t.match(open, { date: '2026-04-25', closedAt: touched('B', 100).started_at })
  const [endless] = journeysOf([touched('A', 0), touched('B', 10)], ga4)
  t.match(endless, { date: '2026-01-25', closedAt: null })
})

t.test('direct visits are left out of paths that have others, and still close them', async t => {
  const own = { ...standard, excludeDirect: true }
  const bought = { purchases: 1, value_micros: 1 }
  t.same(channels([touched('A', 0), touched('Direct', 1, bought)], own), ['A !'])
  t.same(channels([touched('Direct', 0), touched('Direct', 1, bought)], own), ['Direct Direct !'])
  t.same(lagDays(journeysOf([touched('A', 0), touched('Direct', 1, bought)], own)[0]!), 1)
})

t.test('a value that cannot be shared out is none', async t => {
  for (const value_micros of [-1, null, 2 ** 52 + 2])
    t.match(journeysOf([touched('A', 0, { purchases: 1, value_micros })], standard), [
      { conversions: 1, valueMicros: null, currency: null },
    ])
})

t.test('keys: ids before names, what is not known by a name of its own, none too long', async t => {
  const one = touched('Paid Search', 0, {
    campaign: 'spring',
    campaign_id: '17',
    source: 'google',
    medium: 'cpc',
  })
  t.match(touchOf(one), { source_medium: 'google / cpc', campaign: '17', platform: '(none)', ad: '(none)' })
  t.equal(touchOf({ ...one, campaign_id: null }).campaign, 'spring')
  t.equal(sourceMedium({ source: null, medium: null }), '(not set) / (not set)')
  t.equal(touchOf({ ...one, campaign_id: `${'a'.repeat(199)}\u{1f600}b` }).campaign, 'a'.repeat(199))
  t.equal(touchOf({ ...one, campaign_id: 'a\0b' }).campaign, 'a b')
})

t.test('a campaign called __proto__ was missing among credits read from the log', async t => {
  const tally = emptyTally()
  const bought = { purchases: 1, value_micros: 1 }
  const own = { campaign_id: null, campaign: '__proto__', channel: '__proto__' }
  const [journey] = journeysOf([touched('A', 0, own), touched('B', 1, bought)], standard)
  addJourney(tally, attributable(journey!))
  for (const by of ['campaign', 'channel'] as const)
    t.match(attributed(tally, 'linear', by)[0], { key: '(__proto__)', conversions: 0.5 })
  t.equal(sourceMedium({ source: '__proto__', medium: null }), '__proto__ / (not set)')
})

t.test('each touch is in one journey; journeys are such as attribution takes', async () => {
  fc.assert(
    fc.property(
      anyTouches,
      fc.constantFrom(0, 1, 30, 90),
      fc.boolean(),
      (all, lookbackDays, excludeDirect) => {
        const made = journeysOf(all, { lookbackDays, excludeDirect })
        assert.equal(
          made.reduce((sum, { sessions }) => sum + sessions, 0),
          all.length,
        )
        assert.equal(new Set(made.map(({ id }) => id)).size, made.length)
        for (const journey of made) checkJourney(attributable(journey))
        assert.equal(
          made.reduce((sum, { conversions }) => sum + conversions, 0),
          all.reduce((sum, { purchases }) => sum + purchases, 0),
        )
      },
    ),
  )
})

t.test(
  'touches are in the same order whatever order they came in; one taken out leaves no trace',
  async () => {
    fc.assert(
      fc.property(anyTouches, fc.infiniteStream(fc.nat()), (all, choices) => {
        const left = [...all]
        let came: Touched[] = []
        while (left.length > 0)
          came = withTouch(came, left.splice(choices.next().value! % left.length, 1)[0]!)
        assert.deepEqual(came, all)
        if (all.length > 0)
          assert.deepEqual(withTouch(withoutTouch(came, all[0]!), all[0]!), all, 'and put in again')
      }),
    )
  },
)

t.test('of more touches than are kept the oldest journeys go, whole', async t => {
  const visits = Array.from({ length: MOST_TOUCHES + 1 }, (_, i) =>
    touched('A', i / 100, i === 2 || i === 9 ? { purchases: 1 } : {}),
  )
  const left = letGo(visits, journeysOf(visits, ga4))
  t.match(left, { settled: 1, since: visits[2] })
  t.equal(left.touches.length, MOST_TOUCHES - 2)
  t.same(letGo(visits.slice(1), journeysOf(visits.slice(1), ga4)), {
    touches: visits.slice(1),
    settled: 0,
    since: null,
  })
  const long = visits.map(visit => ({ ...visit, purchases: 0 }))
  t.match(letGo(long, journeysOf(long, ga4)), { settled: 0, touches: { length: MOST_TOUCHES / 2 } })
})
