import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  type Attributed,
  type AttributionModel,
  attributionFittedKind,
  attributionModelKind,
} from '../../../pipelines/attribution/kinds.ts'
import { markovOf } from '../../../pipelines/attribution/model/markov/fit.ts'
import { pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { noon, type told } from '../facts.ts'
import { Row, type Told } from '../row.ts'

const DAY = 24 * 60
let n = 0

/** What a journey by channel brings, so many days after 2026-01-15. */
function credit(day: number, path: string, more: Record<string, unknown> = {}): Told {
  const channels = path.split(' ')
  const date = new Date(noon(day * DAY) / 1000).toISOString().slice(0, 10)
  return {
    kind: 'credit',
    value: {
      tenant_id: 'demo',
      event_id: `credit-${++n}`,
      event_time: noon(),
      ingest_time: noon(),
      journey_id: `j${n}`,
      part: '0.0',
      date,
      conversions: 1,
      value_micros: 1_000_000,
      currency: 'EUR',
      lag_days: 0,
      paths: {
        channel: channels,
        source_medium: channels,
        platform: channels.map(() => 'meta'),
        campaign: channels,
        ad: channels,
      },
      dimensions: [],
      keys: [],
      counts: [],
      gone: false,
      ...more,
    },
  }
}
const nothing = { conversions: 0, value_micros: null, currency: null }
let passed = 0
/** Partitions of journeys have come past noon of a day: one of one, unless it says more. */
const tick = (day: number, final = false, more: Record<string, unknown> = {}): Told => ({
  kind: 'time_passed',
  value: {
    ...{ tenant_id: 'demo', event_id: `passed-${++passed}`, event_time: noon(), ingest_time: noon() },
    ...{ tick_id: `tick-${passed}`, watermark: noon(day * DAY), final, part: 0, parts: 1, ...more },
  },
})

const open = () => Row.open('attribution', 'credits')
const models = (row: Row, model = 'markov') =>
  row.of<AttributionModel>(attributionModelKind).filter(m => m.dimension === 'channel' && m.model === model)
const days = (row: Row) => row.of<Attributed>(attributionFittedKind).filter(d => d.dimension === 'channel')
const sum = (rows: readonly { conversion_units: number }[]) =>
  rows.reduce((all, { conversion_units }) => all + conversion_units, 0)

t.test('golden: two paths and a null (attribution.md, G2), fitted when the day is over', async t => {
  const row = await open()
  row.feed(credit(0, 'C1 C2 C3'), credit(0, 'C1', nothing), credit(0, 'C2 C3', nothing))
  t.same(models(row), [], 'not before')
  row.feed(tick(1))
  t.match(models(row), [
    {
      conversions: 1,
      nulls: 2,
      journeys: 3,
      states: 3,
      order: 1,
      removal_effects: { C1: 0.5, C2: 1, C3: 1 },
      credits: { C1: 0.2, C2: 0.4, C3: 0.4 },
      window_from: '2025-12-18',
      window_to: '2026-01-16',
      revenue_micros: 1_000_000,
      currency: 'EUR',
      reason: null,
    },
  ])
  t.match(
    days(row).map(d => [d.date, d.key, d.conversion_units, d.revenue_micros]),
    [
      ['2026-01-15', 'C1', 2e8, 200_000],
      ['2026-01-15', 'C2', 4e8, 400_000],
      ['2026-01-15', 'C3', 4e8, 400_000],
    ],
  )
  t.match(days(row)[0], {
    first_touch_count: 1,
    last_touch_count: 0,
    assisted_count: 1,
    paths: 1,
    model: 'markov',
  })
  t.match(models(row, 'shapley')[0], { credits: { C1: 1 / 3, C2: 1 / 3, C3: 1 / 3 } })
  t.match(models(row, 'shapley_conversion_rate').length, 1)
})

t.test('a fit a day, and one more where credits have come', async t => {
  const row = await open()
  row.feed(tick(0, true))
  t.same(models(row), [], 'nothing to fit to')
  row.feed(credit(0, 'A'), tick(1), tick(1))
  t.equal(models(row).length, 1)
  row.feed(credit(0, 'B'), tick(1))
  t.equal(models(row).length, 2, 'credits have come')
  row.feed(tick(1, true), tick(0, true))
  t.equal(models(row).length, 2)
  row.feed(tick(2))
  t.equal(models(row).length, 3)
  const revisions = models(row).map(m => m.revision)
  t.same(
    revisions,
    [...new Set(revisions)].sort((a, b) => a - b),
    'each is above the one before',
  )
})

t.test('each day keeps what it had, all days what the model says of the window', async t => {
  const row = await open()
  row.feed(credit(0, 'A B'), credit(1, 'B'), credit(1, 'A A B'), credit(1, 'C', nothing), tick(2))
  const byDay = new Map<string, number>()
  for (const d of days(row)) byDay.set(d.date, (byDay.get(d.date) ?? 0) + d.conversion_units)
  t.same(
    [...byDay],
    [
      ['2026-01-15', 1e9],
      ['2026-01-16', 2e9],
    ],
  )
  const whole = markovOf(
    pathsOf([
      { path: ['A', 'B'], conversions: 1, value: 1, nulls: 0 },
      { path: ['B'], conversions: 1, value: 1, nulls: 0 },
      { path: ['A', 'A', 'B'], conversions: 1, value: 1, nulls: 0 },
      { path: ['C'], conversions: 0, value: 0, nulls: 1 },
    ]),
  )
  for (const { channel, conversions } of whole.channels)
    t.ok(Math.abs(sum(days(row).filter(d => d.key === channel)) / 1e9 - conversions) < 1e-8, channel)
})

t.test('what is taken back is in no later fit; a day that has nothing left says so', async t => {
  const row = await open()
  const one = credit(0, 'A B')
  row.feed(one, credit(1, 'C'), tick(2))
  row.feed({ ...one, value: { ...one.value, gone: true } }, tick(3))
  t.match(models(row).at(-1), { conversions: 1, credits: { C: 1 } })
  const last = days(row).filter(d => d.revision === models(row).at(-1)!.revision)
  t.same(
    last.map(d => [d.date, d.conversion_units]),
    [
      ['2026-01-15', 0],
      ['2026-01-16', 1e9],
    ],
  )
  const again = await open()
  again.feed(credit(1, 'C'), tick(3))
  t.equal(models(again)[0]!.version, models(row).at(-1)!.version, 'of the same, the same version')
})

t.test('days leave the window and state with it; what has not come due is not in it yet', async t => {
  const row = await open()
  row.feed(credit(0, 'A'), credit(200, 'B', nothing), tick(1))
  t.match(models(row)[0], { conversions: 1, nulls: 0 })
  const stored = row.stored
  row.feed(tick(100))
  t.match(models(row)[1], { conversions: 0, reason: 'no path of the window converts', removal_effects: {} })
  t.ok(row.stored < stored)
  const old = credit(0, 'A', { gone: true })
  row.feed(old)
  t.same(
    row.written.filter(w => w.topic === 'deadletters'),
    [],
    'taken back from a day that is gone',
  )
  row.feed(tick(200))
  t.match(models(row)[2], { nulls: 1 })
})

t.test('value of two currencies is not added, and not shared out', async t => {
  const row = await open()
  row.feed(credit(0, 'A'), credit(0, 'B', { currency: 'USD' }), tick(1))
  t.match(models(row)[0], { conversions: 2, revenue_micros: null, currency: null, removal_effects_value: {} })
  t.ok(days(row).every(d => d.revenue_micros === null && d.currency === null))
  t.equal(sum(days(row)), 2e9)
})

t.test('value that is not known of one path: of the others it is', async t => {
  const row = await open()
  row.feed(credit(0, 'A'), credit(0, 'B', { value_micros: null, currency: null }), tick(1))
  t.equal(
    days(row).reduce((all, d) => all + d.revenue_micros!, 0),
    1_000_000,
  )
  t.match(
    days(row).find(d => d.key === 'B'),
    { unvalued_paths: 1 },
  )
})

t.test('order and window are those of the settings', async t => {
  const row = await open()
  const set = {
    ...{ tenant_id: 'demo', event_id: 's', event_time: noon(), ingest_time: noon() },
    ...{ subject: 'journeys', version: 1, actor: 'anna', reason: null, command_id: 'c' },
    settings: '{"markov":{"order":2,"window_days":1}}',
  }
  row.feed({ kind: 'settings', value: set }, credit(0, 'A B'), credit(1, 'A B C'), tick(1))
  t.match(models(row), [
    { order: 2, states: 2, conversions: 1, window_from: '2026-01-16', window_to: '2026-01-16' },
  ])
  row.feed(settings({ order: 1, window_days: 2 }, 2), tick(1))
  t.match(models(row)[1], { order: 1, conversions: 2, window_from: '2026-01-15' })
  t.ok(models(row)[1]!.revision > models(row)[0]!.revision, 'of nothing but settings, too')
})

t.test('more keys than models tell apart are one', async t => {
  const row = await open()
  for (let i = 0; i < 130; i++) row.feed(credit(0, `c${i} Direct`))
  row.feed(tick(1))
  const credits = models(row)[0]!.credits
  t.equal(Object.keys(credits).length, 101)
  t.ok(credits.Direct! > 0 && credits['(other)']! > 0)
  t.equal(sum(days(row)), 130e9)
})

t.test('a fit waits until every partition of journeys has come past the tick', async t => {
  const row = await open()
  const of = (part: number, tick_id: string) => tick(1, false, { part, parts: 2, tick_id })
  row.feed(credit(0, 'A'), of(0, 'one'), credit(0, 'B'))
  t.same(models(row), [], 'the other may still have credits of before')
  row.feed(of(1, 'one'))
  t.match(models(row), [{ conversions: 2 }])
})

const settings = (markov: object, version = 1): Told => ({
  kind: 'settings',
  value: {
    ...{ tenant_id: 'demo', event_id: `s${version}`, event_time: noon(), ingest_time: noon() },
    ...{ subject: 'journeys', version, actor: 'anna', reason: null, command_id: 'c' },
    settings: JSON.stringify({ markov }),
  },
})

/** What is written last of each day, by key. */
function current(row: Row) {
  const latest = new Map<string, number>()
  for (const { date, revision } of days(row)) latest.set(date, Math.max(revision, latest.get(date) ?? 0))
  return days(row)
    .filter(d => d.revision === latest.get(d.date) && d.conversion_units > 0)
    .map(d => `${d.date} ${d.key} ${d.conversion_units} ${d.revenue_micros}`)
    .sort()
}

t.test(
  'what is written in the end does not depend on when models were fitted, nor on the order of credits',
  async t => {
    const path = fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 3 })
    const one = fc.record({
      day: fc.nat(24),
      path: path.map(names => names.join(' ')),
      converts: fc.boolean(),
      late: fc.nat(20),
      goes: fc.boolean(),
    })
    const law = fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 25 }),
      fc.array(fc.boolean(), { minLength: 50, maxLength: 50 }),
      async (credits, fitted) => {
        const told = credits.flatMap(({ day, path, converts, late, goes }) => {
          const said = credit(day, path, converts ? {} : nothing)
          const taken = { ...said, value: { ...said.value, gone: true } }
          return [
            { at: day + late, told: [said], day },
            ...(goes ? [{ at: day + late + 2, told: [taken], day }] : []),
          ]
        })
        const run = async (
          at: (one: (typeof told)[number]) => number,
          isFitted: (day: number) => boolean,
        ) => {
          const row = await open()
          row.feed(settings({ window_days: 5 }))
          for (let day = 0; day < 50; day++) {
            row.feed(...told.filter(one => at(one) === day).flatMap(one => one.told))
            if (isFitted(day) || day === 49) row.feed(tick(Math.min(day, 30)))
          }
          return current(row)
        }
        const asTheyCame = await run(
          ({ at }) => at,
          day => fitted[day]!,
        )
        const atOnce = await run(
          ({ day }) => day,
          day => day >= 30,
        )
        deepStrictEqual(asTheyCame, atOnce)
      },
    )
    await t.resolves(fc.assert(law, { numRuns: 40 }))
  },
)

t.test(
  'a window that is made longer says from which day on paths are kept; what is forgotten is not taken off others',
  async t => {
    const row = await open()
    row.feed(settings({ window_days: 3 }))
    for (let day = 0; day < 60; day++) row.feed(credit(day, 'A B'), tick(day))
    row.feed(settings({ window_days: 60 }, 2), tick(59, true))
    t.match(models(row).at(-1), { conversions: 33, window_from: '2026-02-11', window_to: '2026-03-15' })
    for (let day = 0; day < 60; day++) row.feed(credit(day, 'A B', { gone: true }), credit(day, 'A B'))
    row.feed(tick(59, true))
    t.match(models(row).at(-1), { conversions: 33, window_from: '2026-02-11' })
    t.equal(sum(days(row).filter(d => d.revision === models(row).at(-1)!.revision)), 33e9)
  },
)
