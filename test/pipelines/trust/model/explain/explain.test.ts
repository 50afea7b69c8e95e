import fc from 'fast-check'
import t from 'tap'
import type { RiskClass } from '../../../../../pipelines/trust/model/actions.ts'
import { evaluate, type TrustInputs } from '../../../../../pipelines/trust/model/evaluate.ts'
import { explain } from '../../../../../pipelines/trust/model/explain/explain.ts'
import { tell } from '../../../../../pipelines/trust/model/explain/tell.ts'
import { unfold, unfoldedLines } from '../../../../../pipelines/trust/model/explain/unfold.ts'
import type { Operations } from '../../../../../pipelines/trust/model/gate/caps.ts'
import { decide } from '../../../../../pipelines/trust/model/gate/decision.ts'
import type { Scope } from '../../../../../pipelines/trust/model/gate/evidence.ts'
import type { Hysteresis } from '../../../../../pipelines/trust/model/gate/hysteresis.ts'
import { HOUR, MINUTE, NOW, POLICY } from '../../policy.ts'
import { operations, scope } from '../generated.ts'
import { CALM, HEALTHY } from '../inputs.ts'
import { trustInputs } from './generated.ts'

const ZONE = 'Europe/Berlin'
const OPEN: Hysteresis = { level: 'PASS', evaluated_at: NOW - 5 * MINUTE, better_since: null, better: 0 }

function about(
  inputs: TrustInputs,
  more: { ops?: Operations; before?: Hysteresis | null; scope?: Scope; risk?: RiskClass } = {},
) {
  const { ops = CALM, before = OPEN, scope: of = 'all', risk = 'risk_increasing' } = more
  const trust = evaluate(inputs, NOW, POLICY)
  const states = { risk_increasing: before, protective: before }
  const decision = decide('meta', of, trust, ops, states, NOW, POLICY)[risk]
  return { decision, trust, policy: POLICY, zone: ZONE }
}
const said = (...given: Parameters<typeof about>) => explain(about(...given))

/** A source's data ends so many hours ago; null: there never was any. */
const ends = (name: string, hours: number | null, inputs = HEALTHY): TrustInputs => ({
  ...inputs,
  sources: inputs.sources.map(source =>
    source.name === name ? { ...source, watermark: hours === null ? null : NOW - hours * HOUR } : source,
  ),
})
const variance = (change: Partial<TrustInputs['variance']>): TrustInputs => ({
  ...HEALTHY,
  variance: { ...HEALTHY.variance, ...change },
})

t.test('the explanation of sketch.md', async t => {
  t.same(said(ends('spend', 39)).lines, [
    'Meta, actions that raise risk: HOLD (a person may approve)',
    "  because freshness is 37.5 (below 40): Meta's spend data ends 2026-01-14 10:00, 39 h ago",
    '  trust: match quality 80.6, freshness 37.5, variance 75.9, anomaly 100 → score 71.8, would have been PASS',
    "  It opens about 30 minutes after Meta's next spend report arrives.",
  ])
})

t.test('every source that is too old has to come', async t => {
  const { opens } = said(ends('ga4', null, ends('spend', 60)))
  t.equal(
    opens,
    "It opens about 60 minutes after Meta's next spend report arrives and the first data of Google Analytics arrives.",
  )
})

t.test('what would have to change, for each cap', async t => {
  const rows: readonly (readonly [string, ReturnType<typeof said>])[] = [
    ['an administrator releases the kill switch.', said(HEALTHY, { ops: { ...CALM, kill_switch: true } })],
    ['Meta is connected again.', said(HEALTHY, { ops: { ...CALM, connection: 'EXPIRED' } })],
    ['trust is evaluated again.', said(HEALTHY, { ops: { ...CALM, evaluated_at: null } })],
    ['changes can be written to Meta again.', said(HEALTHY, { ops: { ...CALM, breaker: 'OPEN' } })],
    ['purchases are tracked again.', said(variance({ platform_revenue: 0, ga4_revenue: 0 }))],
    ['Google Analytics sees revenue again.', said(variance({ ga4_revenue: 0 }))],
    ['Meta reports revenue again.', said(variance({ platform_revenue: 0 }))],
    [
      "the revenue that Meta reports comes nearer to Google Analytics'.",
      said(variance({ platform_revenue: 3_000_000_000, baseline: [] })),
    ],
    [
      "the revenue that Meta reports comes back to about 1.34 times Google Analytics'.",
      said(variance({ platform_revenue: 1_000_000_000, platform_conversions: 9000, ga4_conversions: 9000 })),
    ],
    [
      'spend is back to what is usual.',
      said({
        ...HEALTHY,
        anomaly: {
          ...HEALTHY.anomaly,
          metrics: { ...HEALTHY.anomaly.metrics, spend: { z: 5.2, samples: 700, days: 30 } },
        },
      }),
    ],
    [
      'there are 14 days and 48 values of history.',
      said({
        ...HEALTHY,
        anomaly: { ...HEALTHY.anomaly, metrics: { spend: { z: 1, samples: 20, days: 1.6 } } },
      }),
    ],
    [
      'one kind of event, purchases for example, is counted at least 30 times in two days.',
      said({ ...HEALTHY, drivers: { ...HEALTHY.drivers, events: [] } }),
    ],
  ]
  for (const [end, { opens }] of rows) t.ok(opens.endsWith(` minutes after ${end}`), opens)
})

t.test('without any cap it is the score, and what costs it most', async t => {
  const low = {
    ...HEALTHY,
    drivers: {
      ...HEALTHY.drivers,
      events: HEALTHY.drivers.events.map(event => ({
        ...event,
        platform: { score: 0, scale: 10, as_of: NOW },
      })),
      coverage: { pages: { tagged: 1, expected: 10 }, types: null, twins: null },
    },
  }
  const found = said(ends('ga4', 38, low))
  t.equal(found.because, 'the score is 57 (below 70)')
  t.equal(
    found.opens,
    'It opens about 30 minutes after the score rises from 57 to 73 (most is lost by match quality, 41).',
  )
  const lower = { ...low.drivers, attribution: { platform: 100, ga4: 1, had_conversions: true } }
  const capped = said(ends('ga4', 38, { ...low, drivers: lower }))
  t.match(
    capped.because,
    /^match quality is 30\.5 \(below 40\): its weakest part is match rate, 0; the score/,
  )
  t.match(
    capped.opens,
    /match quality rises to 40 \(.*\) and the score rises from 52\.8 to 73 \(most is lost by freshness, 41\.6\)\.$/,
  )
})

t.test('where only time is missing, it says the time in the zone of the account', async t => {
  t.equal(
    said(HEALTHY, { before: null }).opens,
    'It opens at 2026-01-16 01:30 if all stays as good as it is now.',
  )
  t.equal(said(HEALTHY).opens, 'It is open until 2026-01-16 01:10 at least.')
  t.equal(said(HEALTHY).because, null)
})

t.test('a spend rule hears nothing of conversions', async t => {
  const dead = variance({ platform_revenue: 0, ga4_revenue: 0 })
  t.match(said(dead, { scope: 'delivery', risk: 'protective' }), {
    because: null,
    trust: 'freshness 100, anomaly 100 → score 100',
  })
})

const ODD = /NaN|undefined|null|Infinity|\[object|\d{5,}\.\d{3,}|[0-9]e[+-]/

t.test('of whatever inputs: one sentence that names every condition, and no odd number anywhere', async t => {
  const seen = new Set<string>()
  const before = fc.constantFrom(null, OPEN, { ...OPEN, level: 'BLOCK' as const })
  fc.assert(
    fc.property(trustInputs, operations, before, scope, fc.boolean(), (inputs, ops, state, of, isRisk) => {
      const risk: RiskClass = isRisk ? 'risk_increasing' : 'protective'
      const given = about(inputs, { ops, before: state, scope: of, risk })
      const { opens, lines } = explain(given)
      const all = [...lines, ...unfoldedLines(unfold(given.trust, { ...given, platform: 'meta' }))].join('\n')
      for (const cap of given.decision.caps) seen.add(cap.code)
      const isOne = /^It (is open|opens) [^!?]*\.$/.test(opens) && !/\. /.test(opens)
      const conditions = given.decision.caps
        .filter(cap => cap.limits[risk] !== 'PASS')
        .flatMap(cap => tell(cap, given).until ?? [])
      const isWhole = given.decision.final === 'PASS' || conditions.every(until => opens.includes(until))
      return isOne && isWhole && !ODD.test(all)
    }),
    { numRuns: 2000 },
  )
  for (const code of [
    ...['NO_DATA', 'EMQ_MISSING', 'FRESHNESS_MISSING', 'VARIANCE_MISSING', 'ANOMALY_MISSING'],
    ...['EMQ_LOW', 'FRESHNESS_LOW', 'VARIANCE_LOW', 'ANOMALY_LOW', 'EMQ_AND_FRESHNESS_MISSING'],
    ...['EMQ_CRITICAL', 'FRESHNESS_ZERO', 'KILL_SWITCH_ENGAGED', 'NOT_CONNECTED', 'GATE_STALE'],
    'BREAKER_OPEN',
  ])
    t.ok(seen.has(code), `${code} was met`)
})

t.test('a score unfolds to its counts and watermarks', async t => {
  const lines = unfoldedLines(
    unfold(evaluate(HEALTHY, NOW, POLICY), { platform: 'meta', policy: POLICY, zone: ZONE }),
  )
  t.same(lines.slice(0, 3), [
    'match quality 80.6 (weight 0.4)',
    '  match rate 82 (weight 0.3): Purchase 82 (312 events, by the platform)',
    '  coverage 70 (weight 0.25): 14 of 20 pages tagged',
  ])
  t.ok(
    lines.includes(
      "  Google Analytics' data 100: ends 2026-01-15 05:00, 20 h ago; fresh to 24 h, stale from 48 h",
    ),
  )
  t.ok(lines.includes('  level 75.9: 1.35 times'))
})
