// biome-ignore-all lint/suspicious/noThenProperty: a rule has one
import t from 'tap'
import { parseRule, ruleHash } from '../../../pipelines/rules/model/parse.ts'

const loser = {
  rule: 'pause-loser',
  version: 3,
  mode: 'suggest',
  subject: 'campaign',
  reads: { roas: { metric: 'roas', over: '7 settled days' }, spend: { metric: 'spend', over: '7 days' } },
  when: 'roas < 0.8 and spend > 500',
  then: { action: 'CAMPAIGN_PAUSE' },
}
const problems = (input: unknown): readonly string[] => {
  try {
    parseRule(input, 'a rule')
  } catch (error) {
    const { code, details } = error as Error & { code?: string; details: readonly string[] }
    if (code !== 'RECORD_INVALID') throw error
    return details
  }
  throw new Error('it was taken')
}

t.test('the rule of the sketch, in YAML', async t => {
  const rule = parseRule(
    `
rule: pause-loser
version: 3
mode: suggest                 # off | shadow | suggest | auto
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
`,
    'sketch',
  )
  t.match(rule, {
    id: 'pause-loser',
    version: 3,
    mode: 'suggest',
    subject: 'campaign',
    priority: 0,
    safety: false,
    cooldown_us: 72 * 3_600_000_000,
    canary: 0.1,
  })
  t.same(rule.reads[0], { name: 'roas', metric: 'roas', over: { kind: 'settled', days: 7 }, of: 'self' })
  t.equal(rule.tests.length, 2)
})

t.test('JSON is taken as an object and as text; what is left out has its default', async t => {
  const rule = parseRule(loser, 'x')
  t.same(parseRule(JSON.stringify(loser), 'x'), rule)
  t.match(rule, { cooldown_us: 86_400_000_000, canary: null, platforms: null, overrides: {}, title: null })
})

t.test('everything that is wrong is said at once, each with its path', async t => {
  const said = problems({
    ...loser,
    rule: 'Pause Loser',
    version: 0,
    mode: 'automatic',
    subject: 'adgroup',
    prioritty: 5,
    reads: { roas: { metric: 'raos', over: '7 days settled' }, spend: { metric: 'spend', over: '36 days' } },
    when: 'roas < 0.8 and sepnd > 500',
    limits: { cooldown: 'long', canaries: 1 },
  })
  for (const path of [
    ...['/rule', '/version', '/mode', '/subject', '/prioritty', '/reads/roas/metric', '/reads/roas/over'],
    ...['/reads/spend/over', '/when', '/limits/cooldown', '/limits/canaries'],
  ])
    t.ok(
      said.some(text => text.startsWith(`${path} `)),
      path,
    )
  t.ok(said.some(text => text.includes('did you mean "priority"?')))
  t.ok(said.some(text => text.includes('did you mean "roas"?')))
  t.ok(said.some(text => text.includes('did you mean "spend"?')))
})

t.test('what is proposed suits the level and the direction', async t => {
  const then = (value: unknown, subject = 'campaign') =>
    problems({ ...loser, subject, then: value }).join('; ')
  t.match(then({ action: 'ADSET_PAUSE' }), /ADSET_PAUSE is for adset, not for campaign/)
  t.match(then({ action: 'CAMPAIGN_PAUSE' }, 'ad'), /is for campaign, not for ad/)
  t.match(then({ action: 'BID_INCREASE', by: '10%' }), /is for adset/)
  t.match(then({ action: 'BUDGET_INCREASE', by: '10%' }, 'account'), /is for campaign or adset/)
  t.match(then({ action: 'BUDGET_INCREASE' }), /by \(20%\) or to/)
  t.match(then({ action: 'BUDGET_INCREASE', by: '10%', to: 5 }), /one of them/)
  t.match(then({ action: 'BUDGET_INCREASE', by: '101%' }), /then\/by/)
  t.match(then({ action: 'BUDGET_INCREASE', by: '0%' }), /then\/by/)
  t.match(then({ action: 'BUDGET_INCREASE', by: 20 }), /then\/by/)
  t.match(then({ action: 'BUDGET_DECREASE', by: '100%' }), /below 100%/)
  t.match(then({ action: 'BUDGET_INCREASE', to: -5 }), /then\/to/)
  t.match(then({ action: 'BUDGET_INCREASE', to: 1e300 }), /then\/to/)
  t.match(then({ action: 'BUDGET_INCREASE', to: 'nothing' }), /then\/to/)
  t.match(then({ action: 'BUDGET_INCREASE', to: 'roas' }), /then\/to/, 'a ratio is no amount')
  t.match(then({ action: 'CAMPAIGN_PAUSE', by: '5%' }), /takes no amount/)
  t.equal(parseRule({ ...loser, then: { action: 'BUDGET_INCREASE', by: '100%' } }, 'x').proposes.by, 1)
})

t.test('words of conditions and of tests are no names of reads', async t => {
  const named = (name: string, metric = 'spend') =>
    problems({ ...loser, reads: { [name]: { metric, over: '7 days' } }, when: '1 > 0' }).join('; ')
  for (const name of ['min', 'and', 'known', 'true', 'status', 'trust', 'Roas', '7d', 'constructor()'])
    t.match(named(name), new RegExp(`/reads/${name.replace(/[()]/g, '\\$&')} `), name)
  t.match(named('budget'), /is the name of what the entity has set/)
  t.match(
    problems({
      ...loser,
      reads: { budget: { metric: 'budget', over: '7 days' } },
      when: 'budget > 1',
    }).join(),
    /reads\/budget\/over/,
  )
})

t.test('a metric of the site belongs to no campaign', async t => {
  const said = problems({ ...loser, reads: { s: { metric: 'sessions', over: '7 days' } }, when: 's > 1' })
  t.match(said.join(), /reads\/s\/metric is one of .*platform_roas/)
})

t.test('tests name what the rule reads, and nothing else', async t => {
  const tested = (test: unknown) => problems({ ...loser, tests: [test] }).join('; ')
  const good = { name: 'x', given: { roas: 1 }, expect: 'none' }
  t.match(
    tested({ ...good, given: { raos: 1 } }),
    /\/tests\/0\/given\/raos is no field \(did you mean "roas"\?\)/,
  )
  t.match(tested({ ...good, given: { roas: 'high' } }), /tests\/0\/given\/roas is a number, or null/)
  t.match(tested({ ...good, expect: 'nothing' }), /tests\/0\/expect is none, or/)
  t.match(tested({ ...good, expect: { propsal: 'X' } }), /did you mean "proposal"/)
  t.match(tested({ ...good, name: '' }), /tests\/0\/name/)
  t.match(tested('none'), /tests\/0 is \{ name, given, expect \}/)
})

t.test('a hash is of what a rule says, not of its tests, nor of how it is written', async t => {
  const hash = (more: object) => ruleHash(parseRule({ ...loser, ...more }, 'x'))
  t.equal(hash({}), 'f3d541a5d84ba0bebbbe5c73f5bae9077d4ea68cf96f2ed708a0003a682dabf5')
  t.equal(hash({ tests: [{ name: 'x', given: { roas: 1 }, expect: 'none' }] }), hash({}))
  t.equal(ruleHash(parseRule(Object.fromEntries(Object.entries(loser).reverse()), 'x')), hash({}))
  t.not(hash({ version: 4 }), hash({}))
  t.not(hash({ when: 'roas < 0.9 and spend > 500' }), hash({}))
  t.match(problems({ ...loser, title: '\ud800' }).join(), /canonical JSON/)
})

t.test('hostile files are refused in a line', async t => {
  t.match(problems('a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c, *c, *c, *c, *c]').join(), /./)
  t.match(problems('['.repeat(30_000)).join(), /./)
  t.match(problems('x'.repeat(64_001)).join(), /64000 are the most/)
  t.match(problems('rule: a\nrule: b').join(), /line 2: .*unique/)
  t.match(problems('rule: [').join(), /line/)
  t.match(problems('').join(), /it is no rule/)
  t.match(problems(null).join(), /it is no rule/)
  t.match(problems([]).join(), /it is no rule/)
  t.match(problems('__proto__: { mode: auto }\nrule: x').join(), /__proto__ is no field/)
  t.match(
    problems({
      ...loser,
      reads: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`r${i}`, loser.reads.roas])),
    }).join(),
    /more than 20/,
  )
})

t.test('what the best split offers is read of campaigns, and is what a budget is set to', async t => {
  const offered = {
    ...loser,
    reads: { proposed: { metric: 'allocation.proposed_budget' } },
    when: 'known(proposed)',
    then: { action: 'BUDGET_DECREASE', to: 'proposed' },
  }
  t.match(parseRule(offered, 'x').proposes, { to_micros: null, to_read: 'proposed' })
  const read = (more: object) =>
    problems({ ...offered, reads: { proposed: { metric: 'allocation.proposed_budget', ...more } } }).join(
      '; ',
    )
  t.match(read({ over: '7 days' }), /it is as it stands/)
  t.match(read({ of: 'account' }), /of the campaign itself/)
  t.match(problems({ ...offered, subject: 'adset' }).join('; '), /for rules about campaigns/)
})
