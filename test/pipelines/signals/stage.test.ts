import t from 'tap'
import type { AnomalyRecord } from '../../../pipelines/signals/anomaly-kind.ts'
import { anomalyKind } from '../../../pipelines/signals/anomaly-kind.ts'
import { varianceDailyKind } from '../../../pipelines/signals/variance-daily.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { told } from '../facts.ts'
import { Row } from '../row.ts'
import { dates, shop, startOf } from './shop.ts'

const MINUTE = 60_000_000
const health = (row: Row) => row.of<SignalHealth>(signalHealthKind)
const latest = (row: Row) => health(row).at(-1)!

t.test('seventy quiet days end in a gate that is open, and every number can be unfolded', async t => {
  const row = await Row.open('tenant', 'facts')
  const { day } = shop()
  for (const date of dates('2026-01-01', 70)) for (const batch of day(date)) row.feed(...batch)
  const end = startOf('2026-03-12')
  for (let i = 1; i <= 8; i++) row.feed(told.tick(end + i * 5 * MINUTE))
  const now = latest(row)
  t.comment(now.explanation)
  t.equal(now.gate_risk_increasing, 'PASS')
  t.equal(now.gate_protective, 'PASS')
  t.equal(now.effective_status, 'HEALTHY')
  t.ok(now.emq! > 70 && now.variance! > 70 && now.anomaly! > 40, JSON.stringify(now))
  t.equal(now.freshness, 100)
  t.equal(now.latency, null, 'no conversion is delivered yet')
  t.match(now.explanation, /match quality/)
  const days = row.of<AnomalyRecord>(anomalyKind).filter(a => a.entity === null && a.metric === 'spend')
  t.equal(days.length, 70, 'each day is closed once')
  t.equal(row.of<AnomalyRecord>(anomalyKind).filter(a => a.entity === null && a.metric === 'roas').length, 67)
  t.ok(row.of(varianceDailyKind).length >= 60)
  const sizes = ['site', 'conversions', 'signals', 'campaign-anomalies', 'trust'].map(
    s => [s, row.largest(s)] as const,
  )
  t.comment(JSON.stringify(Object.fromEntries(sizes)))
  for (const [stage, bytes] of sizes) t.ok(bytes > 0 && bytes < 64 * 1024, `${stage}: ${bytes} bytes`)
})
