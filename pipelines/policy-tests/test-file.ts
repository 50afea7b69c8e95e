import { dirname, resolve } from 'node:path'
import type { CaseResult, Tested, TextFile } from '../../engine/cli/checks.ts'
import { messageOf, StratumError } from '../../engine/errors.ts'
import { checkAutopilotSettings } from '../autopilot/settings/check.ts'
import { parseRule } from '../rules/model/parse.ts'
import type { Rule } from '../rules/model/rule.ts'
import { isTree, type Tree } from '../tree.ts'
import { checkTrustSettings } from '../trust/settings/check.ts'
import { documentOf } from './document.ts'
import { reachedBy } from './model/coverage.ts'
import { type Failure, runCase } from './model/run.ts'
import { type Case, casesOf, oddIn } from './model/suite.ts'
import { clockOf } from './model/time.ts'
import type { Wrong } from './model/wrong.ts'
import { situationOf, split, under } from './situation.ts'

/** When a test does not say what time it is. */
const USUAL_CLOCK = '2026-01-15T10:00:00Z'
/** The longest a file may take: evaluations of the gate. */
const MOST_TICKS = 500_000
const TICK_US = 300_000_000

/** A file of tests, read: its cases, or what is wrong with it. */
export interface Suite {
  readonly cases: readonly Case[]
  readonly clock: number
  /** Settings of the trust engine, JSON. */
  readonly trust: string
  readonly wrong: readonly Wrong[]
}

/** Whether it is a rule, or tests, by what it says. */
export const isRule = (value: Tree): boolean => 'rule' in value && ('when' in value || 'then' in value)
export const isTests = (value: Tree): boolean => 'tests' in value && !isRule(value)

/** @param read text of a file that this one names @throws what is wrong with that file */
export function suiteOf(file: TextFile, value: Tree, read: (path: string) => string): Suite {
  return isRule(value) ? suiteOfRule(value, file) : suiteOfTests(value, file, read)
}

function suiteOfRule(value: Tree, { path }: TextFile): Suite {
  const { tests, ...own } = value
  const { rule, wrong } = ruleOf(own, path)
  if (rule === null || tests === undefined) return suite([], USUAL_CLOCK, {}, wrong)
  const clock = clockOf(USUAL_CLOCK) as number
  const context = {
    rule,
    clock,
    given: {},
    situationOf: (given: Tree, now: number) => situationOf(given, rule, {}, now),
  }
  const found = casesOf(tests, context)
  return suite(found.cases, USUAL_CLOCK, {}, found.wrong)
}

const KEYS = ['policy', 'trust_policy', 'rule', 'clock', 'given', 'tests']

function suiteOfTests(value: Tree, file: TextFile, read: (path: string) => string): Suite {
  const { clock: said = USUAL_CLOCK, given = {} } = value
  const found = typeof said === 'string' ? clockOf(said) : 'is an instant such as 2026-01-15T10:00:00Z'
  // What is wrong with these leaves the cases as they are.
  const apart: Wrong[] = oddIn(value, KEYS, '')
  if (typeof found === 'string') apart.push({ path: '/clock', reason: found })
  const clock = typeof found === 'string' ? USUAL_CLOCK : (said as string)
  const wrong: Wrong[] = []
  if (!isTree(given)) wrong.push({ path: '/given', reason: 'is an object' })
  const beside = (name: string) => partOf(value[name], name, file, read, wrong)
  const policy = beside('policy')
  const trust = beside('trust_policy')
  for (const { text } of checkAutopilotSettings(policy).problems)
    wrong.push(inPart('policy', value.policy, text))
  for (const { text } of checkTrustSettings(trust).problems)
    wrong.push(inPart('trust_policy', value.trust_policy, text))
  const rule = value.rule === undefined ? null : ruleBeside(beside('rule'), value.rule, wrong)
  if (wrong.length > 0 || !isTree(given)) return suite([], clock, {}, [...apart, ...wrong])
  const situation = (of: Tree, now: number) => situationOf(of, rule, policy, now)
  // What is wrong for all of them is said once; what is only missing a case may add.
  const common = situation(given, clockOf(clock) as number)
  if ('wrong' in common)
    wrong.push(
      ...common.wrong
        .filter(({ reason }) => !reason.includes('is required'))
        .map(one => under('/given', one)),
    )
  if (wrong.length > 0) return suite([], clock, {}, [...apart, ...wrong])
  const { cases, wrong: inCases } = casesOf(value.tests, {
    rule,
    clock: clockOf(clock) as number,
    given,
    situationOf: situation,
  })
  return suite(cases, clock, trust, [...apart, ...inCases])
}

function ruleBeside({ tests: _, ...own }: Tree, said: unknown, wrong: Wrong[]): Rule | null {
  if (wrong.some(({ path }) => path === '/rule')) return null
  const name = String(said)
  const found = ruleOf(own, name)
  for (const { path, reason } of found.wrong)
    wrong.push({ path: '/rule', reason: `${name}: ${path} ${reason}` })
  return found.rule
}

function suite(cases: readonly Case[], clock: string, trust: Tree, wrong: readonly Wrong[]): Suite {
  const start = clockOf(clock) as number
  const ticks = cases.reduce(
    (sum, one) => sum + ('command' in one ? 0 : (one.steps.at(-1)!.at - start) / TICK_US + 1),
    0,
  )
  const long =
    ticks > MOST_TICKS
      ? [{ path: '/tests', reason: `run over ${Math.round(ticks)} ticks; at most ${MOST_TICKS} in a file` }]
      : []
  return { cases, clock: start, trust: JSON.stringify(trust), wrong: [...wrong, ...long] }
}

const inPart = (name: string, said: unknown, text: string): Wrong => {
  const { path, reason } = split(text)
  return typeof said === 'string'
    ? { path: `/${name}`, reason: `${said}: ${path} ${reason}` }
    : { path: `/${name}${path}`, reason }
}

function ruleOf(
  value: Tree,
  where: string,
): { readonly rule: Rule | null; readonly wrong: readonly Wrong[] } {
  try {
    return { rule: parseRule(value, where), wrong: [] }
  } catch (error) {
    const lines =
      error instanceof StratumError && error.details.length > 0 ? error.details : [messageOf(error)]
    return { rule: null, wrong: lines.map(split) }
  }
}

/** Settings or a rule: an object, or the path of a file from where this one is. */
function partOf(
  said: unknown,
  name: string,
  file: TextFile,
  read: (path: string) => string,
  wrong: Wrong[],
): Tree {
  if (said === undefined) return {}
  if (isTree(said)) return said
  const no = (reason: string): Tree => {
    wrong.push({ path: `/${name}`, reason })
    return {}
  }
  if (typeof said !== 'string' || said === '') return no('is the path of a file, or an object')
  try {
    const found = documentOf(read(resolve(dirname(file.path), said)))
    if ('wrong' in found) return no(`${said}: ${found.wrong.path} ${found.wrong.reason}`.replace(':  ', ': '))
    return isTree(found.value) ? found.value : no(`${said}: is no object`)
  } catch (error) {
    return no(`${said}: ${messageOf(error)}`)
  }
}

/** Runs the tests of a file; what is wrong with it is said in place of results. */
export function testFile(file: TextFile, read: (path: string) => string): Tested {
  const found = documentOf(file.text)
  const wrong = (all: readonly Wrong[]): Tested => ({
    cases: [],
    problems: all.map(one => ({ file: file.path, ...one })),
    reached: [],
  })
  if ('wrong' in found) return wrong([found.wrong])
  if (!isTree(found.value) || !(isRule(found.value) || isTests(found.value)))
    return wrong([
      { path: '', reason: 'has no tests: it is neither a rule nor { policy, clock, given, tests }' },
    ])
  const { cases, clock, trust, wrong: all } = suiteOf(file, found.value, read)
  if (all.length > 0) return wrong(all)
  const ran = cases.map(one => ({ one, ...runCase(one, trust, clock) }))
  return {
    cases: ran.map(
      ({ one, failures }): CaseResult => ({
        file: file.path,
        name: one.name,
        ok: failures.length === 0,
        failures: failures.map(shownFailure),
      }),
    ),
    problems: [],
    reached: ran.flatMap(({ came }) => came.map(reachedBy)),
  }
}

const shownFailure = ({ at, field, expected, came }: Failure) => ({ at, field, expected, came })
