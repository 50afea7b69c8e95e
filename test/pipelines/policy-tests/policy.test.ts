import t from 'tap'
import { EXAMPLE, failed, HEAD, test } from './files.ts'

t.test('the example of the specification, to the letter', async t => {
  const tested = test(EXAMPLE)
  t.same(
    tested.cases.map(({ name, ok }) => [name, ok]),
    [
      ['twenty percent is the edge', true],
      ['who releases the switch [role: MANAGER]', true],
      ['who releases the switch [role: ADMIN]', true],
    ],
  )
  t.same(tested.problems, [])
})

t.test('what comes otherwise fails, and says what came', async t => {
  const wrong = EXAMPLE.replace('to: 120', 'to: 120.01').replace('[false, true]', '[false, false]')
  t.same(failed(test(wrong)), [
    'twenty percent is the edge: violations ["BUDGET_EXCEEDED.DAILY_INCREASE"]',
    'twenty percent is the edge: outcome "ENFORCEMENT"',
    'who releases the switch [role: ADMIN]: allowed true',
  ])
})

t.test('every field that can be expected is what the autopilot says', async t => {
  const rows: readonly (readonly [given: string, expect: string])[] = [
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }',
      'score: 90.75, status: HEALTHY, raw: PASS, caps: [], mode: none, allowed: true',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 130 }',
      'violations: [BUDGET_EXCEEDED], mode: SOFT_BLOCK, causes: [ENFORCEMENT], requires_confirmation: true, allowed: false',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 130 }, actor: person, confirmed: true',
      'violations: [BUDGET_EXCEEDED.DAILY_INCREASE], outcome: EXECUTE',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, trust: { freshness: 0 }',
      'raw: HOLD, gate: BLOCK, caps: [FRESHNESS_ZERO], outcome: MANUAL_REQUIRED, effective_status: CRITICAL',
    ],
    [
      'proposal: { action: CAMPAIGN_PAUSE }, entity: { mean_daily_spend: 90 }, trust: { freshness: 0 }',
      'gate: HOLD, outcome: ALERT_ONLY',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, trust: { emq: null, freshness: null, variance: null, anomaly: null }',
      'gate: BLOCK, score: none, caps: [NO_DATA, EMQ_MISSING, FRESHNESS_MISSING, VARIANCE_MISSING, ANOMALY_MISSING, EMQ_AND_FRESHNESS_MISSING]',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, kill_switch: true',
      'gate: BLOCK, caps: [KILL_SWITCH_ENGAGED]',
    ],
    ['proposal: { action: BUDGET_INCREASE, to: 120 }, kill_switch: null', 'gate: BLOCK'],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, connection: EXPIRED',
      'gate: BLOCK, caps: [NOT_CONNECTED]',
    ],
    ['proposal: { action: BUDGET_INCREASE, to: 120 }, breaker: OPEN', 'gate: HOLD, caps: [BREAKER_OPEN]'],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, evaluation_age_minutes: 15',
      'gate: HOLD, caps: [GATE_STALE]',
    ],
    ['proposal: { action: BUDGET_INCREASE, to: 120 }, open_action: true', 'outcome: OPEN_ACTION'],
    ['proposal: { action: BUDGET_INCREASE, to: 120 }, mode: shadow', 'outcome: SHADOW'],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, settings: { auto_approve: false }',
      'outcome: SUGGESTED',
    ],
    [
      'proposal: { action: BUDGET_INCREASE, to: 120 }, account: { spend_7d_mean: 100 }',
      'outcome: BLAST_RADIUS',
    ],
    ['proposal: { action: BID_INCREASE, to: 120 }', 'outcome: NO_CURRENT_VALUE, proposal: NO_CURRENT_VALUE'],
    // Broken conversions say nothing against what rests on spend alone.
    [
      'proposal: { action: CAMPAIGN_PAUSE }, entity: { mean_daily_spend: 90 }, reads: [spend], trust: { emq: 0, freshness: 0, variance: 0, spend_freshness: 100 }',
      'gate: PASS, outcome: EXECUTE',
    ],
  ]
  const tests = rows.map(
    ([given, expect], i) => `  - { name: row ${i}, given: { ${given} }, expect: { ${expect} } }`,
  )
  t.same(failed(test(`${HEAD}tests:\n${tests.join('\n')}`)), [])
})

t.test('numbers to a millionth, lists whole', async t => {
  const of = (given: string, expect: string) =>
    failed(
      test(
        `${HEAD}tests: [{ name: n, given: { proposal: { action: BUDGET_INCREASE, to: 120 }, ${given} }, expect: { ${expect} } }]`,
      ),
    )
  t.same(of('', 'score: 90.750001'), [])
  t.same(of('', 'score: 90.750003'), ['n: score 90.75'])
  t.same(of('trust: { emq: null, variance: null }', 'caps: [VARIANCE_MISSING, EMQ_MISSING]'), [])
  t.same(of('trust: { emq: null, variance: null }', 'caps: [EMQ_MISSING]').length, 1)
})

t.test('a matrix is every combination; lists may be one for each', async t => {
  const { cases } = test(`${HEAD}
tests:
  - name: edge
    matrix: { proposal.to: [120, 121], trust.freshness: [100, 0] }
    given: { proposal: { action: BUDGET_INCREASE } }
    expect: { outcome: [EXECUTE, MANUAL_REQUIRED, ENFORCEMENT, MANUAL_REQUIRED], violations: [[], [], [BUDGET_EXCEEDED], [BUDGET_EXCEEDED]] }
  - name: commands
    matrix: { command: [rule.set, autopilot.approve], role: [MANAGER, ADMIN] }
    expect: { allowed: [false, true, true, true] }
`)
  t.equal(cases.length, 8)
  t.ok(cases.every(({ ok }) => ok))
  t.equal(cases[1]!.name, 'edge [proposal.to: 120, trust.freshness: 0]')
})

t.test('a law of the gate: what a case says passes exactly when the figures do', async t => {
  const scores = [69.99, 70, 72.99, 73]
  const tests = scores.map(
    at =>
      `  - { name: "${at}", given: { trust: { emq: ${at}, freshness: ${at}, variance: ${at}, anomaly: ${at} } }, expect: { gate: ${at < 70 ? 'HOLD' : 'PASS'} } }`,
  )
  t.same(failed(test(`tests:\n${tests.join('\n')}`)), [])
})
