import type { TrustInputs } from '../../../../pipelines/trust/model/evaluate.ts'
import type { Operations } from '../../../../pipelines/trust/model/gate/caps.ts'
import { HOUR, MINUTE, NOW } from '../policy.ts'

/** A platform on which all is well. */
export const HEALTHY: TrustInputs = {
  drivers: {
    events: [
      {
        name: 'Purchase',
        events: 312,
        users: 280,
        keys: null,
        platform: { score: 8.2, scale: 10, as_of: NOW - 5 * HOUR },
      },
    ],
    coverage: { pages: { tagged: 14, expected: 20 }, types: null, twins: null },
    latency: { events: 900, p90_hours: 1 },
    attribution: { platform: 100, ga4: 70, had_conversions: true },
    data_freshness: { last_event: NOW - 10 * MINUTE, p99_gap_minutes: 60, history_days: 40 },
  },
  sources: [
    { name: 'spend', watermark: NOW - 3 * HOUR, fresh: 24, stale: 48, required: true },
    { name: 'conversions', watermark: NOW - 4 * HOUR, fresh: 24, stale: 48, required: true },
    { name: 'ga4', watermark: NOW - 20 * HOUR, fresh: 24, stale: 48, required: true },
  ],
  variance: {
    platform_revenue: 1_350_000_000,
    ga4_revenue: 1_000_000_000,
    platform_conversions: 135,
    ga4_conversions: 100,
    spend: 400_000_000,
    median_revenue: 150_000_000,
    baseline: Array.from({ length: 28 }, (_, i) => 0.28 + (i % 3) / 100),
  },
  anomaly: {
    metrics: {
      spend: { z: 1.2, samples: 700, days: 30 },
      conversions: { z: 0.4, samples: 700, days: 30 },
      cpa: { z: 0.3, samples: 700, days: 30 },
      roas: { z: 0.1, samples: 700, days: 30 },
    },
    conversions: 135,
  },
}

export const CALM: Operations = {
  kill_switch: false,
  connection: 'CONNECTED',
  evaluated_at: NOW,
  breaker: 'CLOSED',
}
