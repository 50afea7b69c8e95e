import fc from 'fast-check'
import t from 'tap'
import { ACTION_TYPES, riskClassOf } from '../../../../pipelines/trust/model/actions.ts'
import { evaluate, type TrustInputs } from '../../../../pipelines/trust/model/evaluate.ts'
import { allows, decide, decideAgain } from '../../../../pipelines/trust/model/gate/decision.ts'
import { scopeOf } from '../../../../pipelines/trust/model/gate/evidence.ts'
import type { Hysteresis } from '../../../../pipelines/trust/model/gate/hysteresis.ts'
import { inputsHash } from '../../../../pipelines/trust/model/gate/inputs-hash.ts'
import { HOUR, MINUTE, NOW, POLICY } from '../policy.ts'
import { trustInputs } from './explain/generated.ts'
import { components, operations, scope } from './generated.ts'
import { CALM, HEALTHY } from './inputs.ts'

const open = (now: number): Hysteresis => ({
  level: 'PASS',
  evaluated_at: now - 5 * MINUTE,
  better_since: null,
  better: 0,
})
const both = (state: Hysteresis | null) => ({ risk_increasing: state, protective: state })

t.test('from counts to a decision: the platform of the golden row', async t => {
  const trust = evaluate(HEALTHY, NOW, POLICY)
  t.match(trust, {
    emq: { value: 80.6 },
    freshness: { value: 100, limiting: 'ga4' },
    anomaly: { value: 100, limiting: 'spend' },
  })
  const { risk_increasing } = decide('meta', 'all', trust, CALM, both(open(NOW)), NOW, POLICY)
  t.match(risk_increasing, {
    raw: 'PASS',
    capped: 'PASS',
    final: 'PASS',
    outcome: 'EXECUTE',
    caps: [],
    confidence: 1,
    policy_version: 1,
    valid_until: NOW + 10 * MINUTE,
  })
})

t.test('broken conversions: what rests on ROAS is held, a spend cap still acts', async t => {
  const dead = {
    ...HEALTHY,
    sources: HEALTHY.sources.map(s => (s.name === 'conversions' ? { ...s, watermark: NOW - 60 * HOUR } : s)),
    variance: { ...HEALTHY.variance, platform_revenue: 0, ga4_revenue: 0 },
  }
  const trust = evaluate(dead, NOW, POLICY)
  const of = (reads: readonly string[] | null) =>
    decide('meta', scopeOf(reads), trust, CALM, both(open(NOW)), NOW, POLICY)
  t.equal(of(['roas', 'spend']).risk_increasing.final, 'BLOCK')
  t.equal(of(['roas', 'spend']).protective.final, 'HOLD')
  t.equal(of(null).protective.final, 'HOLD', 'who declares nothing reads everything')
  t.equal(of([]).protective.final, 'HOLD')
  t.equal(of(['spend']).protective.final, 'PASS')
  t.equal(of(['spend', 'frequency']).protective.final, 'PASS')
  t.equal(of(['spend', 'magic']).protective.final, 'HOLD', 'a metric that is not known')
})

t.test('several sources together never allow more than one of them alone would', async () => {
  const age = fc.option(fc.integer({ min: 0, max: 60 }))
  const RANK = { BLOCK: 0, HOLD: 1, PASS: 2 }
  const gates = (ages: Readonly<Record<string, number | null>>, isMatchKnown: boolean) => {
    const sources = HEALTHY.sources.map(s => {
      const hours = s.name in ages ? ages[s.name]! : 0
      return { ...s, watermark: hours === null ? null : NOW - hours * HOUR }
    })
    const drivers = isMatchKnown ? HEALTHY.drivers : { ...HEALTHY.drivers, events: [] }
    const trust = evaluate({ ...HEALTHY, sources, drivers }, NOW, POLICY)
    const found = decide('meta', 'all', trust, CALM, both(open(NOW)), NOW, POLICY)
    return [found.risk_increasing.final, found.protective.final].map(gate => RANK[gate])
  }
  fc.assert(
    fc.property(age, age, fc.boolean(), (spend, ga4, isMatchKnown) => {
      const together = gates({ spend, ga4 }, isMatchKnown)
      const alone = [gates({ spend }, isMatchKnown), gates({ ga4 }, isMatchKnown)]
      return together.every((gate, i) => alone.every(one => gate <= one[i]!))
    }),
    {
      numRuns: 2000,
      examples: [
        [60, null, true],
        [60, null, false],
        [null, 60, true],
      ],
    },
  )
})

t.test('when it can open at the earliest', async t => {
  const at = (before: Hysteresis | null, inputs = HEALTHY) =>
    decide('meta', 'all', evaluate(inputs, NOW, POLICY), CALM, both(before), NOW, POLICY).risk_increasing
      .opens_at
  t.equal(at(null), NOW + 30 * MINUTE)
  const waiting = {
    level: 'HOLD',
    evaluated_at: NOW - 5 * MINUTE,
    better_since: NOW - 20 * MINUTE,
    better: 4,
  } as const
  t.equal(at(waiting), NOW + 10 * MINUTE)
  t.equal(at(open(NOW)), null, 'it is open')
  t.equal(at(null, { ...HEALTHY, sources: [] }), null, 'not as things are')
})

t.test('outcomes', async t => {
  const outcome = (before: Hysteresis | null, kill_switch: boolean) =>
    decide('meta', 'all', evaluate(HEALTHY, NOW, POLICY), { ...CALM, kill_switch }, both(before), NOW, POLICY)
      .risk_increasing.outcome
  t.equal(outcome(open(NOW), false), 'EXECUTE')
  t.equal(outcome(null, false), 'ALERT_ONLY')
  t.equal(outcome(open(NOW), true), 'MANUAL_REQUIRED')
})

t.test('what runs by itself needs PASS, what a person approved not to be blocked, both in time', async t => {
  const at = (final: 'PASS' | 'HOLD' | 'BLOCK') => ({ final, valid_until: NOW + 10 * MINUTE })
  t.ok(allows(at('PASS'), 'automatic', NOW))
  t.notOk(allows(at('HOLD'), 'automatic', NOW))
  t.ok(allows(at('HOLD'), 'person', NOW))
  t.notOk(allows(at('BLOCK'), 'person', NOW))
  t.ok(allows(at('PASS'), 'automatic', NOW + 10 * MINUTE - 1))
  t.notOk(allows(at('PASS'), 'automatic', NOW + 10 * MINUTE))
  t.notOk(allows(at('PASS'), 'person', NOW + 10 * MINUTE))
})

t.test('increases and what is switched on raise risk, the rest protects', async t => {
  t.same(
    ACTION_TYPES.filter(type => riskClassOf(type) === 'risk_increasing'),
    ['BUDGET_INCREASE', 'BID_INCREASE', 'CAMPAIGN_ENABLE', 'ADSET_ENABLE', 'CREATIVE_ENABLE'],
  )
})

t.test('the hash depends on every input and on the version of the policy, and on nothing else', async t => {
  const { risk_increasing } = decide(
    'meta',
    'all',
    evaluate(HEALTHY, NOW, POLICY),
    CALM,
    both(open(NOW)),
    NOW,
    POLICY,
  )
  const { inputs } = risk_increasing
  const hash = inputsHash(inputs, 1)
  t.match(hash, /^[0-9a-f]{64}$/)
  t.equal(inputsHash(JSON.parse(JSON.stringify(inputs)), 1), hash, 'as it comes back from a record')
  const others = [
    { platform: 'google' },
    { risk_class: 'protective' as const },
    { scope: 'delivery' as const },
    { now: NOW + 1 },
    { components: { ...inputs.components, emq: null } },
    { operations: { ...CALM, kill_switch: null } },
    { before: null },
  ].map(change => inputsHash({ ...inputs, ...change }, 1))
  t.equal(new Set([...others, hash, inputsHash(inputs, 2)]).size, others.length + 2)
})

const history: fc.Arbitrary<Hysteresis | null> = fc.option(
  fc.record({
    level: fc.constantFrom('PASS', 'HOLD', 'BLOCK'),
    evaluated_at: fc.constantFrom(NOW - 5 * MINUTE, NOW - 20 * MINUTE),
    better_since: fc.option(fc.constant(NOW - 30 * MINUTE)),
    better: fc.nat(7),
  }) as fc.Arbitrary<Hysteresis>,
)

/** Healthy but for a part or two. */
const mixed: fc.Arbitrary<TrustInputs> = fc
  .tuple(trustInputs, fc.subarray(['drivers', 'sources', 'variance', 'anomaly'] as const, { maxLength: 2 }))
  .map(([odd, parts]) => ({ ...HEALTHY, ...Object.fromEntries(parts.map(part => [part, odd[part]])) }))

t.test(
  'from whatever counts and history: nothing that raises risk passes on little or bad evidence',
  async t => {
    let passed = 0
    fc.assert(
      fc.property(mixed, operations, history, (inputs, at, state) => {
        const trust = evaluate(inputs, NOW, POLICY)
        const { risk_increasing } = decide('meta', 'all', trust, at, both(state), NOW, POLICY)
        if (risk_increasing.final !== 'PASS') return true
        passed++
        const { emq, freshness, variance, anomaly } = risk_increasing.inputs.components
        const isKnown = [emq, freshness, anomaly].every(value => value !== null && value >= 40)
        const isApart = variance !== null && variance < 40
        const isCalm = at.kill_switch === false && at.connection === 'CONNECTED' && at.breaker !== 'OPEN'
        return isKnown && !isApart && isCalm && risk_increasing.score! >= (variance === null ? 75 : 70)
      }),
      { numRuns: 5000, examples: [[HEALTHY, CALM, open(NOW)]] },
    )
    t.ok(passed > 0, 'some pass')
  },
)

t.test('a decision comes out the same from its recorded inputs', async () => {
  fc.assert(
    fc.property(components, scope, operations, history, (found, of, at, state) => {
      const measured = {
        emq: { value: found.emq },
        freshness: { value: found.freshness, sources: [] },
        variance: { value: found.variance },
        anomaly: { value: found.anomaly, metrics: {} },
      }
      const { view: _, ...made } = decide('meta', of, measured, at, both(state), NOW, POLICY)
      return Object.values(made).every(decision => {
        const recorded = JSON.stringify(decision)
        return JSON.stringify(decideAgain(JSON.parse(recorded).inputs, POLICY)) === recorded
      })
    }),
  )
})
