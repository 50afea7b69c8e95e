import t from 'tap'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { event, told } from '../facts.ts'
import { Row } from '../row.ts'
import { shop, startOf } from './shop.ts'

const HOUR = 3_600_000_000
const DATE = '2026-01-15'

const purchase = (n: number, source: string, order: string | null) =>
  told.event(
    event({
      event_id: `${source} ${n} ${order}`,
      event_time: startOf(DATE) + 10 * HOUR + n * 1_000_000,
      ingest_time: startOf(DATE) + 10 * HOUR + n * 1_000_000,
      source,
      event_name: 'purchase',
      transaction_id: order,
      traffic_source: 'facebook',
      traffic_medium: 'cpc',
      value_micros: 10_000_000,
      currency: 'EUR',
    }),
  )

async function coverageOf(...events: ReturnType<typeof purchase>[]): Promise<string> {
  const row = await Row.open('tenant', 'facts')
  const at = startOf(DATE) + 11 * HOUR
  row.feed(...events, shop().reported(DATE, at), told.tick(at), told.tick(at + 300_000_000))
  const last = row.of<SignalHealth>(signalHealthKind).at(-1)!
  return last.explanation.split('\n').find(line => line.includes('coverage'))!
}

t.test('an order that browser and server both told is a twin, whichever came first', async t => {
  const browser = (n: number) => purchase(n, 'ga4', `order ${n}`)
  const server = (n: number) => purchase(n, 'webhook', `order ${n}`)
  const line = await coverageOf(
    browser(1),
    server(1),
    server(2),
    browser(2),
    browser(3),
    browser(3),
    browser(4),
  )
  t.match(line, /50 % of browser events come from the server too/, line)
})

t.test('where no server tells anything, twins are unknown and not none', async t => {
  const line = await coverageOf(purchase(1, 'ga4', 'a'), purchase(2, 'ga4', 'b'))
  t.match(line, /coverage 25 .*1 of 4 event types seen$/, line)
})
