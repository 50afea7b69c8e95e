import t from 'tap'
import { type AnomalyRecord, anomalyKind } from '../../../pipelines/signals/anomaly-kind.ts'
import { report, told } from '../facts.ts'
import { Row } from '../row.ts'
import { dates, startOf } from './shop.ts'

const DAY = 86_400_000_000
const HOUR = DAY / 24

const said = (date: string, asOf: number, more: Parameters<typeof report>[0] = {}) =>
  told.report(
    report({
      event_id: `${date} ${asOf} ${more.ad_id ?? ''}`,
      event_time: startOf(date),
      ingest_time: asOf,
      date,
      as_of: asOf,
      spend_micros: 100_000_000 + ((startOf(date) / DAY) % 5) * 1_000_000,
      conversions_micros: 10_000_000,
      revenue_micros: 300_000_000,
      ...more,
    }),
  )
const ofCampaign = (row: Row) => row.of<AnomalyRecord>(anomalyKind).filter(a => a.entity === 'c')

t.test('a campaign that spends five times as much is told, with what was expected', async t => {
  const row = await Row.open('tenant', 'facts')
  for (const date of dates('2026-01-01', 70)) {
    const next = startOf(date) + DAY
    row.feed(
      said(date, next, date === '2026-03-01' ? { spend_micros: 500_000_000 } : {}),
      told.tick(next),
      told.tick(next + HOUR),
    )
  }
  const spend = ofCampaign(row).filter(a => a.metric === 'spend')
  const alerts = spend.filter(a => a.alert)
  t.match(alerts, [{ direction: 'above', value: 500, event_time: startOf('2026-03-01') }])
  t.ok(alerts[0]!.expected! > 90 && alerts[0]!.expected! < 120, `${alerts[0]!.expected}`)
  t.match(
    ofCampaign(row).find(a => a.metric === 'roas' && a.event_time === startOf('2026-02-01')),
    {
      value: 3,
      interval: 'day',
    },
  )
  t.equal(
    new Set(ofCampaign(row).map(a => a.event_id)).size,
    ofCampaign(row).length,
    'each day is closed once',
  )
})

t.test('a history that comes in pieces is closed when it is all there', async t => {
  const row = await Row.open('tenant', 'facts')
  const now = startOf('2026-03-01')
  for (const [i, ad_id] of ['a', 'b'].entries()) {
    for (const date of dates('2026-01-01', 20)) row.feed(said(date, now, { ad_id, spend_micros: 50_000_000 }))
    row.feed(told.tick(now + i * 60_000_000))
    t.equal(ofCampaign(row).length, 0, 'it is still coming')
  }
  row.feed(told.tick(now + HOUR))
  const spend = ofCampaign(row).filter(a => a.metric === 'spend')
  t.equal(spend.length, 20)
  t.ok(spend.every(a => a.value === 100))
})

t.test('a day on which it did not run is no zero', async t => {
  const row = await Row.open('tenant', 'facts')
  const days = [...dates('2026-01-01', 80)].filter((_, i) => i < 60 || i > 70)
  for (const date of days) {
    const next = startOf(date) + DAY
    row.feed(said(date, next), told.tick(next), told.tick(next + HOUR))
  }
  t.strictSame(
    ofCampaign(row).filter(a => a.alert),
    [],
  )
})
