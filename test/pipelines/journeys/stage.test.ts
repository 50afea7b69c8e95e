import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Attribution } from '../../../pipelines/attribution/kinds.ts'
import { attributionKind } from '../../../pipelines/attribution/kinds.ts'
import { type JourneyRow, journeyKind } from '../../../pipelines/journeys/kinds.ts'
import { noon, told } from '../facts.ts'
import type { Told } from '../row.ts'
import { current, eventsOf, House, link, type Visit } from './shop.ts'

const DAY = 24 * 60
const journeysOf = (house: House) =>
  [
    ...current(house.journey.of<JourneyRow>(journeyKind), r => `${r.person_key} ${r.journey_id}`).values(),
  ].filter(row => !row.gone)
/** Journeys as they stand, without how they came there. */
const standing = (house: House) =>
  journeysOf(house)
    .map(({ revision, event_id, ingest_time, ...row }) => row)
    .sort((a, b) => (`${a.person_key} ${a.journey_id}` < `${b.person_key} ${b.journey_id}` ? -1 : 1))

/** What every key is credited with, where it is anything. */
const credited = (house: House) =>
  [
    ...current(house.attribution.of<Attribution>(attributionKind), r =>
      [r.date, r.model, r.dimension, r.key, r.part].join(' '),
    ).values(),
  ]
    .map(({ revision, event_id, event_time, ingest_time, ...row }) => row)
    .filter(row => row.paths > 0)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const settings = (version: number, set: object): Told => ({
  kind: 'settings',
  value: {
    tenant_id: 'demo',
    event_id: `s${version}`,
    event_time: noon(),
    ingest_time: noon(),
    subject: 'journeys',
    version,
    settings: JSON.stringify(set),
    actor: 'anna',
    reason: null,
    command_id: `c${version}`,
  },
})

const end = told.tick(noon(400 * DAY), { final: true })

t.test('bing, then ask, then a purchase: a journey that grows, and what it brings', async t => {
  const house = await House.open()
  house.feed(...eventsOf({ person: 'anna', at: 0, source: 'bing' }), told.tick(noon(40)))
  t.match(journeysOf(house), [
    { path: ['Organic Search'], converted: false, closed_at: noon(90 * DAY), date: '2026-04-15' },
  ])
  t.same(credited(house), [])
  house.feed(
    ...eventsOf({ person: 'anna', at: DAY, source: 'blog.example', bought: 10 }),
    told.tick(noon(2 * DAY)),
  )
  t.match(journeysOf(house), [
    {
      journey_id: 'ga4/anna.0',
      path: ['Organic Search', 'Referral'],
      source_mediums: ['bing / referral', 'blog.example / referral'],
      times: [noon(), noon(DAY)],
      converted: true,
      conversions: 1,
      value_micros: 10,
      currency: 'EUR',
      lag_days: 1,
      closed_at: noon(DAY),
      converted_at: noon(DAY) + 1,
      date: '2026-01-16',
    },
  ])
  t.match(
    credited(house).filter(r => r.dimension === 'channel' && ['linear', 'last_touch'].includes(r.model)),
    [
      {
        model: 'last_touch',
        key: 'Organic Search',
        conversion_units: 0,
        revenue_micros: 0,
        assisted_count: 1,
      },
      {
        model: 'last_touch',
        key: 'Referral',
        conversion_units: 1e9,
        revenue_micros: 10,
        last_touch_count: 1,
      },
      {
        model: 'linear',
        key: 'Organic Search',
        conversion_units: 5e8,
        revenue_micros: 5,
        first_touch_count: 1,
      },
      { model: 'linear', key: 'Referral', conversion_units: 5e8, revenue_micros: 5, assisted_count: 0 },
    ],
  )
})

t.test('a touch that comes late takes back what was said without it', async t => {
  const house = await House.open()
  house.feed(...eventsOf({ person: 'anna', at: DAY, source: 'bing', bought: 10 }), told.tick(noon(2 * DAY)))
  house.feed(...eventsOf({ person: 'anna', at: 0, source: 'blog.example' }), told.tick(noon(3 * DAY)))
  t.match(journeysOf(house), [
    { journey_id: 'ga4/anna.0', path: ['Referral', 'Organic Search'], conversions: 1 },
  ])
  t.equal(house.journey.of<JourneyRow>(journeyKind).filter(r => r.gone).length, 1)
  t.equal(
    credited(house)
      .filter(r => r.dimension === 'channel' && r.model === 'first_touch')
      .reduce((sum, r) => sum + r.conversion_units, 0),
    1e9,
  )
})

const visit: fc.Arbitrary<Visit> = fc
  .record({
    person: fc.constantFrom('anna', 'ben'),
    at: fc.integer({ min: 0, max: 150 }).map(days => days * DAY),
    source: fc.constantFrom('bing', 'blog.example', '(direct)'),
    bought: fc.option(fc.nat(1_000_000), { nil: undefined }),
  })
  .map(({ bought, ...made }) => (bought === undefined ? made : { ...made, bought }))
const visits = fc.uniqueArray(visit, { selector: v => `${v.person} ${v.at}`, minLength: 1, maxLength: 8 })

t.test('in whatever order sessions come, journeys and credits are the same in the end', async () => {
  await fc.assert(
    fc.asyncProperty(visits, fc.infiniteStream(fc.nat()), fc.boolean(), async (all, choices, forgetful) => {
      const whole = await House.open()
      whole.feed(...all.flatMap(eventsOf), end)
      const other = await House.open(forgetful)
      const left = [...all]
      for (let i = 1; left.length > 0; i++) {
        const [next] = left.splice(choices.next().value! % left.length, 1)
        other.feed(...eventsOf(next!), told.tick(noon(200 * DAY + i)))
      }
      other.feed(end)
      assert.deepEqual(standing(other), standing(whole))
      assert.deepEqual(credited(other), credited(whole))
    }),
    { numRuns: 12 },
  )
})

t.test('two people who are one, and two again, leave exactly what was there before', async () => {
  await fc.assert(
    fc.asyncProperty(visits, async all => {
      const house = await House.open()
      house.feed(...all.flatMap(eventsOf), end)
      const [journeys, credits] = [standing(house), credited(house)]
      house.feed(link('ben', 'anna'))
      assert.ok(journeysOf(house).every(row => row.person_key === 'anna'))
      const merged = await House.open()
      merged.feed(link('ben', 'anna'), ...all.flatMap(eventsOf), end)
      assert.deepEqual(standing(house), standing(merged), 'as if it had been known from the start')
      assert.deepEqual(credited(house), credited(merged))
      house.feed(link('ben', 'ben'))
      assert.deepEqual(standing(house), journeys)
      assert.deepEqual(credited(house), credits)
    }),
    { numRuns: 12 },
  )
})

const anySettings = fc.record(
  {
    preset: fc.constantFrom('standard', 'ga4'),
    lookback_days: fc.constantFrom(0, 10, 90),
    exclude_direct: fc.boolean(),
    half_life_days: fc.constantFrom(1, 7),
    path_by: fc.constantFrom('channel', 'campaign'),
    position: fc.constantFrom({ first_pct: 10 }, { first_pct: 50, last_pct: 50 }),
  },
  { requiredKeys: [] },
)

t.test(
  'other settings hold for all journeys, those that are over too; taken back, all is as before',
  async () => {
    await fc.assert(
      fc.asyncProperty(visits, anySettings, async (all, set) => {
        const house = await House.open()
        house.feed(...all.flatMap(eventsOf), end)
        const [journeys, credits] = [standing(house), credited(house)]
        house.feed(settings(1, set))
        const other = await House.open()
        other.feed(settings(1, set), ...all.flatMap(eventsOf), end)
        assert.deepEqual(standing(house), standing(other), 'as if they had been set from the start')
        assert.deepEqual(credited(house), credited(other))
        house.feed(settings(2, {}))
        assert.deepEqual(standing(house), journeys)
        assert.deepEqual(credited(house), credits)
      }),
      { numRuns: 12 },
    )
  },
)

t.test('settings that change no journey write none', async t => {
  const house = await House.open()
  house.feed(...eventsOf({ person: 'anna', at: 0, source: 'bing', bought: 1 }), end)
  const before = house.journey.of(journeyKind).length
  house.feed(settings(1, { markov: { order: 2 } }))
  t.equal(house.journey.of(journeyKind).length, before)
  house.feed(settings(2, { preset: 'ga4' }))
  t.match(journeysOf(house), [{ path: ['bing / referral'] }])
  house.feed(settings(1, {}))
  t.match(journeysOf(house), [{ path: ['bing / referral'] }], 'an older version changes nothing')
})

t.test('a session that began before all that are kept is refused: its journey is closed', async t => {
  const house = await House.open()
  const many = Array.from({ length: 520 }, (_, i) =>
    eventsOf({ person: 'anna', at: i + 10, source: 'bing', bought: 1 }),
  )
  house.feed(...many.flat(), end)
  const before = credited(house)
  house.feed(...eventsOf({ person: 'anna', at: 0, source: 'ask' }), end)
  t.match(
    house.journey.written.filter(w => w.topic === 'deadletters'),
    [{ value: { stage: 'journeys', reason: /began before all that are kept/ } }],
  )
  t.same(credited(house), before)
  t.equal(
    before
      .filter(r => r.model === 'linear' && r.dimension === 'ad')
      .reduce((sum, r) => sum + r.conversion_units, 0),
    520e9,
    'what was let go still counts',
  )
})
