import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { testFile } from '../../../pipelines/policy-tests/test-file.ts'
import { parseRule } from '../../../pipelines/rules/model/parse.ts'
import { failed, PAUSE_LOSER, test } from './files.ts'

t.test('the rule of the sketch, with its tests in its own file', async t => {
  const tested = test(PAUSE_LOSER)
  t.same(failed(tested), [])
  t.equal(tested.cases.length, 2)
  t.same(failed(test(PAUSE_LOSER.replace('roas: 3.1', 'roas: 0.5'))), [
    'a winner stays: proposal "CAMPAIGN_PAUSE"',
  ])
  t.same(failed(test(PAUSE_LOSER.replace('roas: 0,', 'roas: 2,'))), [
    'dead tracking pauses nobody: proposal null',
    'dead tracking pauses nobody: gate null',
  ])
})

t.test('a rule that is off is tested as in shadow', async t => {
  const off = PAUSE_LOSER.replace('mode: suggest', 'mode: off').replace('gate: HOLD', 'outcome: SHADOW')
  t.same(failed(test(off)), [])
})

const SCALE = `
rule: scale
version: 1
mode: auto
subject: campaign
reads: { roas: { metric: roas, over: 7 settled days }, spend: { metric: spend, over: 7 settled days } }
when: roas > 3
then: { action: BUDGET_INCREASE, by: 20% }
limits: { cooldown: 6h }
`

t.test(
  'all of the policy, over steps: what it reads limits see, and then it leaves the campaign alone',
  async t => {
    const tests = `
tests:
  - name: raised once, then after its cooldown
    given: { roas: 3.4, spend: 900, budget: 100, entity: { conversions: 40 }, account: { spend_7d_mean: 1000, active_campaigns: 37 } }
    steps:
      - { at: +0m, expect: { proposal: BUDGET_INCREASE, to: 120, outcome: EXECUTE, violations: [] } }
      - { at: +5h, expect: { outcome: COOLDOWN, to: 144, causes: [COOLDOWN, ENFORCEMENT], violations: [BUDGET_EXCEEDED.DAILY_INCREASE] } }
      - { at: +6h, given: { roas: 2.9 }, expect: none }
  - name: too few conversions to believe it
    given: { roas: 3.4, spend: 900, budget: 100, entity: { conversions: 9 } }
    expect: { violations: [ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE] }
`
    t.same(failed(test(SCALE + tests)), [])
    t.equal(parseRule(SCALE + tests, 'scale').tests.length, 2, 'and the rule can be set with them')
  },
)

t.test('tests beside the rule, with a policy', async t => {
  const file = `
rule: ./scale.yaml
policy: { max_daily_budget_increase_pct: 10 }
tests:
  - { name: over the limit, given: { roas: 4, spend: 900, budget: 100, entity: { conversions: 40 } }, expect: { outcome: ENFORCEMENT } }
`
  t.same(failed(test(file, { 'scale.yaml': SCALE })), [])
  t.same(failed(test(file)), ['/rule ./scale.yaml: there is no such file'])
  t.match(failed(test(file, { 'scale.yaml': SCALE.replace('roas > 3', 'raos > 3') })), [
    /^\/rule \.\/scale\.yaml: \/when .*roas/,
  ])
})

t.test('every rule of the library passes its own tests', async t => {
  const folder = new URL('../../../../pipelines/rules/library/', import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  t.ok(names.length >= 10)
  for (const name of names) {
    const tested = testFile({ path: name, text: readFileSync(new URL(name, folder), 'utf8') }, () => '')
    t.same(failed(tested), [], name)
    t.ok(tested.cases.length > 0, name)
  }
})
