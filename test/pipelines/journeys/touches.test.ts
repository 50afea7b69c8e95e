import t from 'tap'
import { type TouchRow, touchKind } from '../../../pipelines/journeys/kinds.ts'
import { MOST_KEPT } from '../../../pipelines/journeys/touches.ts'
import { noon, told } from '../facts.ts'
import { Row } from '../row.ts'
import { eventsOf, link } from './shop.ts'

const open = () => Row.open('person', 'persons')
const rows = (row: Row) => row.of<TouchRow>(touchKind)

t.test(
  'a session is told when it is first seen, when something of it changed, and when it ended',
  async t => {
    const row = await open()
    const [first, purchase] = eventsOf({ person: 'anna', at: 0, source: 'bing', bought: 7 })
    row.feed(first!, told.tick(noon(1)))
    t.match(rows(row), [
      { person_key: 'anna', from_person: 'anna', session_key: 'anna.0', started_at: noon(), source: 'bing' },
    ])
    t.match(rows(row)[0], { purchases: 0, value_micros: 0, open: true, gone: false, revision: 1, part: 0 })
    row.feed(
      ...eventsOf({ person: 'anna', at: 0, source: 'bing', fields: { event_id: 'x', event_time: noon(5) } }),
    )
    row.feed(told.tick(noon(6)))
    t.equal(rows(row).length, 1, 'it only goes on')
    row.feed(purchase!, told.tick(noon(7)))
    t.match(rows(row)[1], {
      purchases: 1,
      value_micros: 7,
      currency: 'EUR',
      converted_at: noon() + 1,
      revision: 2,
    })
    row.feed(told.tick(noon(60)))
    t.match(rows(row)[2], { open: false, ended_at: noon(5), revision: 3 })
    row.feed(told.tick(noon(90)))
    t.equal(rows(row).length, 3)
  },
)

t.test('the advertisement that brought it: of the first event that says anything of one', async t => {
  const row = await open()
  const at = (minute: number, fields: object) =>
    eventsOf({
      person: 'anna',
      at: 0,
      source: 'facebook',
      fields: { event_time: noon(minute), event_id: `${minute}`, ...fields },
    })
  row.feed(
    ...at(2, { click_ids: { ttclid: 'late' } }),
    ...at(1, {
      traffic_medium: 'cpc',
      page_location: 'https://shop.example/a?utm_id=17&utm_content=ad%209#utm_content=no',
    }),
    ...at(0, {}),
    told.tick(noon(3)),
  )
  t.match(rows(row), [{ platform: 'meta', campaign_id: '17', ad_id: 'ad 9', source: 'facebook' }])
})

t.test('a person who is found to be another takes all sessions there, and back', async t => {
  const row = await open()
  row.feed(
    ...eventsOf({ person: 'anna', at: 0, source: 'bing' }),
    ...eventsOf({ person: 'anna', at: 60, source: 'ask' }),
    told.tick(noon(200)),
  )
  const before = rows(row).length
  row.feed(link('anna', 'ben', { revision: 5 }))
  const moved = rows(row).slice(before)
  t.same(
    moved.map(r => [r.person_key, r.session_key, r.gone]),
    [
      ['anna', 'anna.0', true],
      ['anna', 'anna.60', true],
      ['ben', 'anna.0', false],
      ['ben', 'anna.60', false],
    ],
  )
  t.ok(moved.every(r => r.from_person === 'anna'))
  row.feed(link('anna', 'carla', { revision: 4 }), link('anna', 'ben', { revision: 6 }))
  t.equal(rows(row).length, before + 4, 'an older link, and the same again, change nothing')
  row.feed(...eventsOf({ person: 'anna', at: 300, source: 'bing' }), told.tick(noon(400)))
  t.match(rows(row).at(-1), { person_key: 'ben', session_key: 'anna.300' }, 'what comes later goes there too')
  row.feed(link('anna', 'anna', { revision: 7 }))
  t.match(rows(row).slice(-6), [
    ...Array(3).fill({ person_key: 'ben', gone: true }),
    ...Array(3).fill({ person_key: 'anna', gone: false }),
  ])
  t.same(
    rows(row).map(r => r.revision),
    rows(row).map((_, i) => i + 1),
  )
})

t.test('a link that comes before any session holds for those that come', async t => {
  const row = await open()
  row.feed(
    link('anna', 'ben', { revision: 1 }),
    ...eventsOf({ person: 'anna', at: 0, source: 'bing' }),
    told.tick(noon(1)),
  )
  t.match(rows(row), [{ person_key: 'ben', from_person: 'anna' }])
})

t.test('so many sessions are kept of a person: older ones stay where they are', async t => {
  const row = await open()
  const visits = Array.from({ length: MOST_KEPT + 2 }, (_, i) =>
    eventsOf({ person: 'anna', at: i, source: 'bing' }),
  )
  row.feed(...visits.flat(), told.tick(noon(10_000)))
  const before = rows(row).length
  row.feed(link('anna', 'ben', { revision: 1 }))
  t.equal(rows(row).length - before, 2 * MOST_KEPT)
  t.notOk(
    rows(row)
      .slice(before)
      .some(r => r.session_key === 'anna.1'),
  )
})

t.test(
  'of time, journeys are told the first tick of a day and the last of all, and at first some more',
  async t => {
    const row = await open()
    const DAY = 24 * 60
    const passedAt = (at: number, final = false) =>
      row.feed(told.tick(noon(at), { final })).filter(w => w.topic === 'touches' && w.kind === 'time_passed')
    t.match(passedAt(0), [{ value: { watermark: noon(0), final: false, part: 0, parts: 1, tick_id: /./ } }])
    const times = [0, 1, 2, 3, 4, 6, 7, 14, 15, DAY, 3, DAY + 15, DAY + 16]
    t.same(
      times.filter(at => passedAt(at).length > 0),
      [1, 3, 7, 15, DAY, DAY + 16],
    )
    t.equal(passedAt(DAY + 17, true).length, 1)
  },
)

t.test('a tick goes on to the credits when every partition of people has come past it', async t => {
  const row = await Row.open('journey', 'touches')
  const passed = (tick: string, part: number, parts = 3) => ({
    kind: 'time_passed',
    value: {
      ...{ tenant_id: 'demo', event_id: `${tick} ${part}`, event_time: 1, ingest_time: 1, tick_id: tick },
      ...{ watermark: noon(), final: false, part, parts },
    },
  })
  const on = (...told: ReturnType<typeof passed>[]) => row.feed(...told).filter(w => w.topic === 'credits')
  t.same(on(passed('a', 0), passed('a', 2), passed('b', 0), passed('a', 2)), [])
  t.match(on(passed('a', 1)), [{ value: { tick_id: 'a', part: 0, parts: 1, watermark: noon() } }])
  t.same(on(passed('b', 1)), [])
  t.match(on(passed('b', 2)), [{ value: { tick_id: 'b' } }])
  for (let i = 0; i < 17; i++) t.same(on(passed(`half ${i}`, 0)), [])
  t.same(on(passed('half 0', 1), passed('half 0', 2)), [], 'what is told by a part alone is let go')
  t.match(on(passed('half 16', 1), passed('half 16', 2)), [{ value: { tick_id: 'half 16' } }])
})
