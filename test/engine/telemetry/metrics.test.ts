import t from 'tap'
import { createMetrics } from '../../../engine/telemetry/metrics.ts'

t.test('the public names are there, and two engines count apart', async t => {
  const [one, two] = [createMetrics(), createMetrics()]
  one.records.inc({ stage: 'collect', tenant: 'demo' }, 3)
  one.lagRecords.set({ task: 'tenant', topic: 'stratum.facts', partition: 1 }, 12)
  one.lagSeconds.set({ task: 'tenant', topic: 'stratum.facts', partition: 1 }, 0.5)
  one.commitSeconds.observe(0.004)
  one.deadLetters.inc({ reason: 'RECORD_INVALID' })
  one.sinkRows.inc({ table: 'events' }, 50)
  one.httpSeconds.observe({ method: 'GET', route: '/health', status: 200 }, 0.01)
  const text = await one.registry.metrics()
  for (const line of [
    'stratum_records_total{stage="collect",tenant="demo"} 3',
    'stratum_lag_records{task="tenant",topic="stratum.facts",partition="1"} 12',
    'stratum_lag_seconds{task="tenant",topic="stratum.facts",partition="1"} 0.5',
    'stratum_commit_seconds_bucket{le="0.005"} 1',
    'stratum_dead_letters_total{reason="RECORD_INVALID"} 1',
    'stratum_sink_rows_total{table="events"} 50',
    'http_request_duration_seconds_count{method="GET",route="/health",status="200"} 1',
  ])
    t.ok(text.includes(line), line)
  t.notMatch(await two.registry.metrics(), /tenant="demo"/)
})
