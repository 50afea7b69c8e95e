import { StratumError } from '../../../engine/errors.ts'
import { PLATFORMS, type Platform } from '../../signals/platform.ts'
import { compile } from './expression/compile.ts'
import { type Match, matchOf } from './match.ts'
import type { Quantity, Read } from './read.ts'
import type { Rule } from './rule.ts'
import { LEVELS, type Subject, type SubjectView } from './subject.ts'
import { type Given, isOfPolicy, policyWords, type RuleTest, testProblems } from './test-words.ts'

export interface TestResult {
  readonly name: string
  readonly ok: boolean
  /** What was otherwise than expected, or what was not looked at; empty: all is as expected. */
  readonly message: string
}

/** Whether a rule does what its own tests say. What they say of gate and limits is for a test of the policy. */
export const runRuleTests = (rule: Rule): TestResult[] =>
  rule.tests.filter(test => !isOfPolicy(test)).map(test => runTest(rule, test))

function runTest(rule: Rule, { name, given, expect }: RuleTest): TestResult {
  const match = matchOfGiven(rule, given)
  const expected = expect === 'none' ? { proposal: 'none' } : expect
  const proposal = match?.proposal ?? null
  const found = match === null ? 'none' : (proposal?.type ?? 'NO_CURRENT_VALUE')
  const to = typeof proposal?.after === 'number' ? proposal.after / 1e6 : null
  const wrong = [
    ...(expected.proposal === undefined || expected.proposal === found
      ? []
      : [`expected ${expected.proposal}, got ${found}`]),
    ...(expected.to === undefined || (to !== null && Math.abs(to - expected.to) <= 1e-6)
      ? []
      : [`expected it to come to ${expected.to}, got ${to ?? 'no amount'}`]),
  ]
  const left = policyWords(expected)
  const note = left.length > 0 ? [`not looked at: ${left.join(', ')}`] : []
  return { name, ok: wrong.length === 0, message: [...wrong, ...note].join('; ') }
}

/**
 * What a rule makes of numbers given by the names under which it reads them, and of how the entity stands; what is left
 * out is not known. Of the entity what is usual is assumed: it runs (for *_ENABLE: it is paused), in USD. `entity` may
 * give them by metric too, as tests of a policy do.
 * @throws RECORD_INVALID: something is given that the rule does not read
 */
export function matchOfGiven(rule: Rule, given: Given): Match | null {
  const problems = testProblems(
    [{ name: rule.id, given, expect: 'none' }],
    rule.reads.map(({ name }) => name),
  ).map(({ path, why }) => `/${path.replace('tests/0/', '')} ${why}`)
  if (problems.length > 0)
    throw new StratumError('RECORD_INVALID', `${rule.id}: ${problems.join('; ')}`, { details: problems })
  const view = viewOfGiven(rule, given)
  const values = rule.reads.map(read => quantityOfGiven(read, given))
  const compiled = compile(
    rule.when.condition,
    rule.reads.map((_, i) => i),
  )
  const holds = compiled(Float64Array.from(values, ({ value }) => value ?? Number.NaN)) === 1
  const isOfPlatform = rule.platforms === null || rule.platforms.includes(view.subject.platform)
  return holds && isOfPlatform ? matchOf(rule, view, { account: view, platform: view }, values) : null
}

const entityOfGiven = ({ entity }: Given): Given =>
  typeof entity === 'object' && entity !== null ? (entity as Given) : {}

function quantityOfGiven({ name, metric, of }: Read, given: Given): Quantity {
  const entity = entityOfGiven(given)
  const said = given[name] ?? entity[name] ?? (of === 'self' ? entity[metric] : undefined)
  const value = typeof said === 'number' && Number.isFinite(said) ? said : null
  return { value, numerator: null, denominator: null }
}

function viewOfGiven({ subject: level, platforms, proposes }: Rule, given: Given): SubjectView {
  const all: Given = { ...entityOfGiven(given), ...given }
  const micros = (name: string) =>
    typeof all[name] === 'number' ? Math.round((all[name] as number) * 1e6) : null
  const text = (name: string, usual: string | null) =>
    all[name] === undefined ? usual : all[name] === null ? null : String(all[name])
  const platform = PLATFORMS.find(known => known === all.platform) ?? platforms?.[0] ?? PLATFORMS[0]
  const budget = micros('budget')
  return {
    subject: subjectOf(level, platform),
    name: null,
    status: text('status', proposes.action.endsWith('_ENABLE') ? 'PAUSED' : 'ACTIVE'),
    budget_micros: budget,
    budget_kind: budget === null ? null : 'daily',
    budget_at_midnight_micros: micros('budget_at_midnight') ?? budget,
    bid_micros: micros('bid'),
    currency: text('currency', 'USD'),
    zone: 'UTC',
    now: 0,
    today: '1970-01-01',
    days: {},
    watermark: null,
    offset: null,
  }
}

function subjectOf(level: Rule['subject'], platform: Platform): Subject {
  const id = (at: number, name: string) => (LEVELS.indexOf(level) >= at ? name : null)
  return {
    platform,
    level,
    account_id: id(1, 'a1'),
    campaign_id: id(2, 'c1'),
    adset_id: id(3, 's1'),
    ad_id: id(4, 'd1'),
  }
}
