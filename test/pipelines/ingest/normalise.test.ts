import t from 'tap'
import { deterministicId } from '../../../engine/codec/ids.ts'
import { noon } from '../facts.ts'
import { Row, type Written } from '../row.ts'
import { read } from './raw.ts'

const open = () => Row.open('collect', 'raw.shop')
const letters = (written: readonly Written[]) => written.filter(w => w.topic === 'deadletters')
const ticks = (row: Row) => row.written.filter(w => w.kind === 'tick').map(w => w.value)

t.test('an event becomes a fact of its tenant, person and visit', async t => {
  const row = await open()
  const [fact] = row.feed(
    read.event({ source: 'google', medium: 'cpc', page_location: 'https://shop.example/?gclid=A' }),
  )
  t.match(fact, {
    topic: 'facts',
    kind: 'event',
    value: {
      tenant_id: 'demo',
      event_id: deterministicId('demo', 'shop', 'k'),
      event_time: noon(),
      ingest_time: noon(60),
      source: 'shop',
      person_key: 'anna',
      session_key: 'anna.1',
      session_id: '1',
      traffic_source: 'google',
      traffic_medium: 'cpc',
      click_ids: { gclid: 'A' },
    },
  })
})

t.test('without a person or a visit there is no key of a visit', async t => {
  const row = await open()
  const facts = row.feed(
    read.event({ event_key: 'a', person_id: null }),
    read.event({ event_key: 'b', session_id: null }),
  )
  t.strictSame(
    facts.map(f => [f.value.person_key, f.value.session_key]),
    [
      [null, null],
      ['anna', null],
    ],
  )
})

t.test('what cannot be is a dead letter that says why, and takes nothing with it', async t => {
  const row = await open()
  const cases = [
    [read.event({ event_name: '' }), 'event_name is empty'],
    [read.event({ event_time: 0 }), 'event_time 1970-01-01T00:00:00.000Z is before 2000-01-01'],
    [read.event({ event_time: noon(3000) }), /^event_time .* is in the future/],
    [read.event({ event_date: '2026-02-30' }), 'event_date "2026-02-30" is not a day (YYYY-MM-DD)'],
    [read.report({ currency: 'EURO' }), 'currency "EURO" is not one of ISO 4217'],
    [read.report({ currency: 'eur' }), 'currency "eur" is not one of ISO 4217'],
    [read.report({ currency: 'ZZZ' }), 'currency "ZZZ" is not one of ISO 4217'],
    [read.report({ date: '14.01.2026' }), 'date "14.01.2026" is not a day (YYYY-MM-DD)'],
    [read.report({ date: '2027-01-14' }), /^date .* is in the future/],
    [read.report({ as_of: 0 }), /^as_of .* is before 2000-01-01/],
  ] as const
  for (const [bad, reason] of cases) {
    const written = row.feed(bad, read.event({ event_key: String(reason) }))
    t.match(letters(written), [{ value: { stage: 'normalise', reason, origin_topic: 'stratum.raw.shop' } }])
    t.equal(written.length, 2, 'the good one beside it is there')
  }
})

t.test('an event without money or currency is counted; its doubts travel with it', async t => {
  const row = await open()
  const [fact] = row.feed(
    read.event({
      event_name: 'purchase',
      value_micros: null,
      currency: 'XXL',
      quality: ['unknown_currency'],
    }),
  )
  t.match(fact, { topic: 'facts', value: { value_micros: null, quality: ['unknown_currency'] } })
})

t.test('figures restated are another fact, the same ones said twice the same', async t => {
  const row = await open()
  const facts = row.feed(
    read.report(),
    read.report(),
    read.report({ clicks: 11 }),
    read.report({ settled: true }),
    read.report({ as_of: noon(1) }),
  )
  t.equal(facts.length, 4)
  t.equal(new Set(facts.map(f => f.value.event_id)).size, 4)
  t.equal(facts[0]!.value.event_time, Date.UTC(2026, 0, 14) * 1000)
})

t.test('an ingest ticks once for every hour its events pass, and once more at its end', async t => {
  const row = await open()
  const at = (key: string, minutes: number) => read.event({ event_key: key, event_time: noon(minutes) })
  row.feed(
    read.mark('start', 'event'),
    at('a', -300),
    at('b', -290),
    at('c', -200),
    at('late', -280),
    at('d', -20),
    read.mark('end', 'event'),
  )
  t.match(ticks(row), [
    { event_time: noon(-240), watermark: noon(-240), final: false },
    { event_time: noon(-60), final: false },
    { event_time: noon(-20), watermark: noon(-20), final: true },
  ])
})

t.test('a live run leaves ticks to the clock', async t => {
  const row = await open()
  row.feed(
    read.mark('start', 'live'),
    read.event({ event_time: noon(-600) }),
    read.event({ event_key: 'b' }),
    read.mark('end', 'live'),
  )
  t.strictSame(ticks(row), [])
})

t.test('an ingest that found nothing does not end time', async t => {
  const row = await open()
  row.feed(read.mark('start', 'event'), read.mark('end', 'event'))
  t.strictSame(ticks(row), [])
})
