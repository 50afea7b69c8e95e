import type { Tested } from '../../../engine/cli/checks.ts'
import { testFile } from '../../../pipelines/policy-tests/test-file.ts'

/** The settings of the source document. */
export const ENFORCEMENT = `{
  "enforcement_enabled": true,
  "default_mode": "SOFT_BLOCK",
  "max_daily_budget_increase_pct": 20,
  "max_campaign_budget": 10000,
  "roas_threshold": 2.0,
  "roas_lookback_days": 7,
  "max_changes_per_day": 10,
  "min_hours_between_changes": 4
}`

/** The head of the example of autopilot.md §8. */
export const HEAD = `
policy: ./enforcement.yaml
clock: 2026-01-15T10:00:00Z
given:
  trust: { emq: 82, freshness: 100, variance: 92, anomaly: 97 }
  account: { spend_7d_mean: 1000, active_campaigns: 37 }
  entity: { roas: 3.1, spend: 900, conversions: 40, budget: 100, budget_at_midnight: 100 }
`

export const EXAMPLE = `${HEAD}
tests:
  - name: twenty percent is the edge
    given: { proposal: { action: BUDGET_INCREASE, to: 120 } }
    expect: { gate: PASS, violations: [], outcome: EXECUTE }
  - name: who releases the switch
    matrix: { role: [MANAGER, ADMIN] }
    when: { command: killswitch.release }
    expect: { allowed: [false, true] }
`

/** The rule of the sketch, with its tests. */
export const PAUSE_LOSER = `
rule: pause-loser
version: 3
mode: suggest
subject: campaign
reads:
  roas:  { metric: roas, over: 7 settled days }
  spend: { metric: spend, over: 7 settled days }
when: roas < 0.8 and spend > 500
then: { action: CAMPAIGN_PAUSE }
limits: { cooldown: 72h, canary: 10% }
tests:
  - name: a winner stays
    given: { roas: 3.1, spend: 900 }
    expect: none
  - name: dead tracking pauses nobody
    given: { roas: 0, spend: 900, trust: { freshness: 0 } }
    expect: { proposal: CAMPAIGN_PAUSE, gate: HOLD }
`

export const test = (text: string, beside: Readonly<Record<string, string>> = {}): Tested =>
  testFile({ path: 'x.test.yaml', text }, path => {
    const found = { 'enforcement.yaml': ENFORCEMENT, ...beside }[path.split('/').at(-1)!]
    if (found === undefined) throw new Error('there is no such file')
    return found
  })

/** Cases that failed, as `name: field came`; problems, as `path reason`. */
export const failed = (tested: Tested): string[] => [
  ...tested.problems.map(({ path, reason }) => `${path} ${reason}`),
  ...tested.cases.flatMap(({ name, failures }) =>
    failures.map(
      ({ at, field, came }) => `${name}: ${at === null ? '' : `${at} `}${field} ${JSON.stringify(came)}`,
    ),
  ),
]
