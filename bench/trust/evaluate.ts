import { evaluate, type TrustInputs } from '../../pipelines/trust/model/evaluate.ts'
import { explain } from '../../pipelines/trust/model/explain/explain.ts'
import { unfold, unfoldedLines } from '../../pipelines/trust/model/explain/unfold.ts'
import { decide, decideAgain } from '../../pipelines/trust/model/gate/decision.ts'
import { SCOPES } from '../../pipelines/trust/model/gate/evidence.ts'
import { inputsHash } from '../../pipelines/trust/model/gate/inputs-hash.ts'
import { checkTrustSettings } from '../../pipelines/trust/settings/check.ts'
import { policyOf } from '../../pipelines/trust/settings/policy.ts'

/**
 * What trust costs: µs an evaluation of one platform (all components from counts, then the gate for both classes of
 * action on both scopes of evidence), the p99 of one decision with its hash, as it is recorded, and µs a whole explanation. 1,000 platforms of
 * different counts in turns. Usage: evaluate.js [ROUNDS]. Prints JSON.
 */
const rounds = Number(process.argv[2] ?? 200)
const HOUR = 3_600_000_000
const MINUTE = 60_000_000
const NOW = Date.UTC(2026, 0, 16) * 1000
const policy = policyOf(checkTrustSettings({}).settings!, 1)
const calm = { kill_switch: false, connection: 'CONNECTED', evaluated_at: NOW, breaker: 'CLOSED' } as const
const NAMES = ['Purchase', 'Lead', 'AddToCart', 'InitiateCheckout', 'ViewContent', 'PageView']

/** A busy platform: six event names with all match keys, four sources, 28 days of baseline, four metrics. */
const platform = (i: number): TrustInputs => ({
  drivers: {
    events: NAMES.map((name, n) => ({
      name,
      events: 100 + i + n,
      users: 90 + i,
      keys: Object.fromEntries(
        policy.keyWeights.map(([key], k) => [key, { valid: 50 + ((i + k) % 50), distinct: 40 + k }]),
      ),
      platform: n % 2 ? null : { score: (i % 90) / 10, scale: 10, as_of: NOW - HOUR },
    })),
    coverage: {
      pages: { tagged: i % 20, expected: 20 },
      types: { seen: 3, configured: 4 },
      twins: { both: i % 100, browser: 100 },
    },
    latency: { events: 900, p90_hours: (i % 300) / 10 },
    attribution: { platform: 100 + i, ga4: 90, had_conversions: true },
    data_freshness: { last_event: NOW - i * MINUTE, p99_gap_minutes: 60, history_days: 40 },
  },
  sources: ['spend', 'conversions', 'ga4', 'capi'].map((name, n) => ({
    name,
    watermark: NOW - ((i * (n + 1)) % 60) * HOUR,
    fresh: 24,
    stale: 48,
    required: name !== 'capi',
  })),
  variance: {
    platform_revenue: 1_000_000_000 + i * 1_000_000,
    ga4_revenue: 1_000_000_000,
    platform_conversions: 130,
    ga4_conversions: 100,
    spend: 400_000_000,
    median_revenue: 150_000_000,
    baseline: Array.from({ length: 28 }, (_, day) => ((i + day * 7) % 40) / 100),
  },
  anomaly: {
    metrics: {
      spend: { z: (i % 60) / 10, samples: 700, days: 30 },
      conversions: { z: 0.4, samples: 700, days: 30 },
      cpa: { z: 0.3, samples: 700, days: 30 },
      roas: { z: 0.1, samples: 700, days: 30 },
    },
    conversions: 130,
  },
})

const platforms = Array.from({ length: 1000 }, (_, i) => platform(i))
const none = { risk_increasing: null, protective: null }
let passed = 0

function evaluateAll(): void {
  for (const inputs of platforms) {
    const trust = evaluate(inputs, NOW, policy)
    for (const scope of SCOPES)
      if (decide('meta', scope, trust, calm, none, NOW, policy).view.gates.protective.capped === 'PASS')
        passed++
  }
}

for (let i = 0; i < 20; i++) evaluateAll()
const micros: number[] = []
for (let i = 0; i < rounds; i++) {
  const begun = performance.now()
  evaluateAll()
  micros.push(((performance.now() - begun) * 1000) / platforms.length)
}

const decided = platforms.map(
  inputs =>
    decide('meta', 'all', evaluate(inputs, NOW, policy), calm, none, NOW, policy).risk_increasing.inputs,
)
const millis: number[] = []
for (let i = 0; i < rounds; i++)
  for (const inputs of decided) {
    const begun = performance.now()
    const { final } = decideAgain(inputs, policy)
    const hash = inputsHash(inputs, policy.version)
    millis.push(performance.now() - begun)
    if (final === 'PASS' || hash === '') passed++
  }

const zone = 'Europe/Berlin'
const told: number[] = []
for (const inputs of platforms) {
  const trust = evaluate(inputs, NOW, policy)
  const { risk_increasing: decision } = decide('meta', 'all', trust, calm, none, NOW, policy)
  const begun = performance.now()
  const { lines } = explain({ decision, trust, policy, zone })
  if (lines.length + unfoldedLines(unfold(trust, { platform: 'meta', policy, zone })).length > 0) passed++
  told.push((performance.now() - begun) * 1000)
}

const at = (numbers: number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)]!
const round = (x: number) => Number(x.toPrecision(3))
process.stdout.write(
  `${JSON.stringify({
    evaluation_us: { median: round(at(micros, 0.5)), worst_round: round(at(micros, 0.999)) },
    decision_ms: { median: round(at(millis, 0.5)), p99: round(at(millis, 0.99)) },
    explanation_us: { median: round(at(told, 0.5)), p99: round(at(told, 0.99)) },
    evaluations: rounds * platforms.length,
    passed,
  })}\n`,
)
