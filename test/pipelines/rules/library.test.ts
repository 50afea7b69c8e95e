// biome-ignore-all lint/suspicious/noThenProperty: a rule has one
import t from 'tap'
import { libraryTexts, loadLibrary } from '../../../pipelines/rules/library.ts'
import { parseRule } from '../../../pipelines/rules/model/parse.ts'
import { matchOfGiven, runRuleTests } from '../../../pipelines/rules/model/rule-test.ts'
import { scopeOf } from '../../../pipelines/trust/model/gate/evidence.ts'

t.test('every rule of the library says what it is for and does what its tests say', async t => {
  const rules = loadLibrary()
  t.equal(rules.length, 12)
  for (const rule of rules) {
    t.ok(rule.title && rule.why, rule.id)
    t.ok(libraryTexts()[`${rule.id}.yaml`], `${rule.id} is in a file of its name`)
    // Nobody's campaigns are changed because they took a rule as it is.
    t.equal(rule.mode, 'suggest', rule.id)
    const results = runRuleTests(rule)
    t.ok(results.length >= 4, rule.id)
    t.ok(
      rule.tests.some(({ expect }) => expect === 'none') &&
        rule.tests.some(({ expect }) => expect !== 'none'),
      `${rule.id} is tested on both sides`,
    )
    for (const { name, ok, message } of results) t.ok(ok, `${rule.id}: ${name} ${message}`)
  }
})

t.test(
  'the guards that rest on delivery go on while conversions are broken; slow-down-blind cannot',
  async t => {
    const scope = (id: string) => {
      const given = { spend: 900, budget: 100, frequency: 9, impressions: 1e5, now: 0, usual: 400 }
      const rule = loadLibrary().find(one => one.id === id)!
      const named = Object.fromEntries(
        Object.entries(given).filter(
          ([name]) => name === 'budget' || rule.reads.some(read => read.name === name),
        ),
      )
      return matchOfGiven(rule, named)?.scope
    }
    t.equal(scope('guard-daily-spend'), 'delivery')
    t.equal(scope('cap-frequency'), 'delivery')
    t.equal(scope('slow-down-blind'), 'all')
    t.equal(scopeOf(['conversions']), 'all')
  },
)

const rule = parseRule(
  {
    rule: 'raise',
    version: 1,
    mode: 'suggest',
    subject: 'campaign',
    platforms: ['meta'],
    reads: { good: { metric: 'roas', over: '7 days' }, spent: { metric: 'spend', over: '7 days' } },
    when: 'good > 2 and spent > 10',
    then: { action: 'BUDGET_INCREASE', by: '20%' },
    tests: [
      {
        name: 'right',
        given: { good: 3, spent: 20, budget: 50 },
        expect: { proposal: 'BUDGET_INCREASE', to: 60 },
      },
      { name: 'another amount', given: { good: 3, spent: 20, budget: 50 }, expect: { to: 61 } },
      {
        name: 'another action',
        given: { good: 3, spent: 20, budget: 50 },
        expect: { proposal: 'BUDGET_DECREASE' },
      },
      { name: 'nothing', given: { good: 3, spent: 20, budget: 50 }, expect: 'none' },
      { name: 'elsewhere', given: { good: 3, spent: 20, budget: 50, platform: 'google' }, expect: 'none' },
      {
        name: 'gate',
        given: { good: 3, spent: 20, budget: 50 },
        expect: { proposal: 'BUDGET_INCREASE', gate: 'HOLD' },
      },
    ],
  },
  'test',
)

t.test('a test that fails says what was expected and what came', async t => {
  t.same(runRuleTests(rule), [
    { name: 'right', ok: true, message: '' },
    { name: 'another amount', ok: false, message: 'expected it to come to 61, got 60' },
    { name: 'another action', ok: false, message: 'expected BUDGET_DECREASE, got BUDGET_INCREASE' },
    { name: 'nothing', ok: false, message: 'expected none, got BUDGET_INCREASE' },
    { name: 'elsewhere', ok: true, message: '' },
    { name: 'gate', ok: true, message: 'not looked at: gate' },
  ])
})

t.test('a test of a policy gives numbers by metric; what a rule does not read is refused', async t => {
  t.equal(matchOfGiven(rule, { entity: { roas: 3, spend: 20, budget: 50 } })?.proposal?.after, 60e6)
  t.equal(matchOfGiven(rule, { entity: { roas: 1, spend: 20, budget: 50 } }), null)
  t.throws(() => matchOfGiven(rule, { goood: 3 }), {
    message: /raise: \/given\/goood is no field \(did you mean "good"/,
  })
})
