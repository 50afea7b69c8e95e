import t from 'tap'
import { failed, HEAD, test } from './files.ts'

const steps = (of: string, given = 'proposal: { action: BUDGET_INCREASE, to: 120 }') =>
  failed(test(`${HEAD}tests:\n  - name: n\n    given: { ${given} }\n    steps:\n${of}`))

t.test('the gate shuts at once, and opens when things have stayed better for half an hour', async t => {
  t.same(
    steps(`
      - { at: +0m, expect: { gate: PASS, outcome: EXECUTE } }
      - { at: +10m, given: { trust: { freshness: 10 } }, expect: { gate: HOLD, caps: [FRESHNESS_LOW] } }
      - { at: +15m, given: { trust: { freshness: 100 } }, expect: { gate: HOLD, raw: PASS, caps: [] } }
      - { at: +40m, expect: { gate: HOLD } }
      - { at: +45m, expect: { gate: PASS } }
`),
    [],
  )
})

t.test('one level a step', async t => {
  t.same(
    steps(`
      - { at: +5m, given: { trust: { freshness: 0 } }, expect: { gate: BLOCK } }
      - { at: +10m, given: { trust: { freshness: 100 } }, expect: { gate: BLOCK } }
      - { at: +40m, expect: { gate: HOLD } }
      - { at: +1h5m, expect: { gate: HOLD } }
      - { at: +1h15m, expect: { gate: PASS } }
`),
    [],
  )
})

t.test('what was executed is applied: value, interval, count and the percentage of the day', async t => {
  t.same(
    steps(`
      - { at: +0m, expect: { outcome: EXECUTE } }
      - { at: +1h, given: { proposal: { to: 121 } }, expect: { violations: [BUDGET_EXCEEDED.DAILY_INCREASE, FREQUENCY_CAP_EXCEEDED.CHANGE_INTERVAL] } }
      - { at: +4h, given: { proposal: { to: 120 } }, expect: { violations: [] } }
      - { at: +5h, given: { settings: { max_changes_per_day: 2, min_hours_between_changes: 0 } }, expect: { violations: [FREQUENCY_CAP_EXCEEDED.CHANGE_COUNT] } }
`),
    [],
  )
})

t.test(
  'the golden figures of the blast radius: +$20 and a pause of $90, then +$40 passes and +$40.01 waits',
  async t => {
    const of = (to: number, outcome: string) => `
      - { at: +0m, expect: { outcome: EXECUTE } }
      - { at: +5m, given: { entity: { id: "meta:a1:c2", mean_daily_spend: 90 }, proposal: { action: CAMPAIGN_PAUSE } }, expect: { outcome: EXECUTE } }
      - { at: +10m, given: { entity: { id: "meta:a1:c3", budget: 200, budget_at_midnight: 200 }, proposal: { action: BUDGET_INCREASE, to: ${to} } }, expect: { outcome: ${outcome} } }
`
    t.same(steps(of(240, 'EXECUTE')), [])
    t.same(steps(of(240.01, 'ENFORCEMENT')), [])
    t.same(
      steps(
        of(240.01, 'BLAST_RADIUS'),
        'proposal: { action: BUDGET_INCREASE, to: 120 }, settings: { max_daily_budget_increase_pct: 30 }',
      ),
      [],
    )
  },
)

t.test('hours since a change go on', async t => {
  t.same(
    steps(
      `
      - { at: +59m, expect: { violations: [FREQUENCY_CAP_EXCEEDED.CHANGE_INTERVAL] } }
      - { at: +1h, expect: { violations: [] } }
      - { at: +2h, given: { entity: { hours_since_change: 3.5 } }, expect: { violations: [FREQUENCY_CAP_EXCEEDED.CHANGE_INTERVAL] } }
`,
      'proposal: { action: BUDGET_INCREASE, to: 120 }, entity: { hours_since_change: 3 }, mode: suggest',
    ),
    [],
  )
})

t.test('what is wrong with steps is said with its place', async t => {
  t.same(
    steps(`
      - { at: 35m, expect: { gate: PASS } }
      - { at: +8d, expect: { gate: PASS } }
      - { at: +1h, expect: { gate: PASS }, gven: {} }
      - { at: +1h, expect: { gate: PASS } }
      - 5
`),
    [
      '/tests/0/steps/0/at is the time since the clock, such as +35m or +1h30m, got "35m"',
      '/tests/0/steps/1/at is at most +7d',
      '/tests/0/steps/2/gven is no field (did you mean "given"?); there are: at, given, expect',
      '/tests/0/steps/3/at is not after the step before it: times are counted from the clock',
      '/tests/0/steps/4 is { at: +35m, given, expect }',
    ],
  )
})
