import { didYouMean } from '../../../engine/config/suggest.ts'
import { isTree, type Tree } from '../../tree.ts'

/** A test in a rule's own file (autopilot.md §8). */
export interface RuleTest {
  readonly name: string
  /** Numbers by the names under which they are read, and how the entity stands; what is left out is not known. */
  readonly given: Given
  readonly expect: 'none' | Expected
}

export type Given = Readonly<Record<string, unknown>>

export interface Expected {
  /** Type of action, or none. */
  readonly proposal?: string
  /** Budget or bid it comes to, in major units. */
  readonly to?: number
  readonly [policy: string]: unknown
}

/** How the entity stands. */
export const ENTITY_WORDS = ['status', 'budget', 'budget_at_midnight', 'bid', 'currency', 'platform'] as const
/** What only a test of the whole policy looks at. */
const POLICY_GIVEN = [
  ...[
    'trust',
    'account',
    'entity',
    'kill_switch',
    'settings',
    'connection',
    'breaker',
    'evaluation_age_minutes',
  ],
  ...['mode', 'actor', 'role', 'confirmed', 'reverts', 'open_action', 'queue_full'],
]
const POLICY_EXPECT = [
  ...['gate', 'raw', 'caps', 'score', 'status', 'effective_status', 'enforcement', 'mode', 'violations'],
  ...['requires_confirmation', 'allowed', 'outcome', 'causes'],
]
/** With one of these it is read and run by `policy-tests` alone. */
const POLICY_KEYS = ['steps', 'matrix']

/** Words of `given` beside the names of reads. */
export const GIVEN_WORDS: readonly string[] = [...ENTITY_WORDS, ...POLICY_GIVEN]

/** What is expected that a rule alone cannot say. */
export const policyWords = (expected: Expected): string[] =>
  POLICY_EXPECT.filter(word => expected[word] !== undefined)

export interface TestProblem {
  readonly path: string
  readonly why: string
}

const MOST_TESTS = 200

/** Whether a test takes more than one look at the rule. */
export const isOfPolicy = (test: object): boolean => POLICY_KEYS.some(name => name in test)

/** What is wrong with the tests of a rule. @param names of its reads */
export function testProblems(tests: unknown, names: readonly string[]): TestProblem[] {
  if (!Array.isArray(tests)) return [{ path: 'tests', why: 'is a list of { name, given, expect }' }]
  if (tests.length > MOST_TESTS) return [{ path: 'tests', why: `has more than ${MOST_TESTS} entries` }]
  return tests.flatMap((test: unknown, i) => {
    const path = `tests/${i}`
    if (!isTree(test)) return [{ path, why: 'is { name, given, expect }' }]
    const { name, given, expect } = test
    const own = [
      ...odd(path, test, ['name', 'given', 'expect', ...POLICY_KEYS]),
      ...(typeof name === 'string' && name !== ''
        ? []
        : [{ path: `${path}/name`, why: 'says what is tested' }]),
    ]
    if (isOfPolicy(test)) return own
    return [
      ...own,
      ...givenProblems(`${path}/given`, given, names),
      ...expectProblems(`${path}/expect`, expect),
    ]
  })
}

function givenProblems(path: string, given: unknown, names: readonly string[]): TestProblem[] {
  if (!isTree(given)) return [{ path, why: 'has numbers by the names of reads: { roas: 0.5, spend: 900 }' }]
  const numeric = [...names, 'budget', 'budget_at_midnight', 'bid']
  return [
    ...odd(path, given, [...names, ...GIVEN_WORDS]),
    ...Object.entries(given).flatMap(([name, value]) =>
      !numeric.includes(name) || value === null || Number.isFinite(value)
        ? []
        : [{ path: `${path}/${name}`, why: 'is a number, or null for unknown' }],
    ),
  ]
}

function expectProblems(path: string, expect: unknown): TestProblem[] {
  if (expect === 'none') return []
  if (!isTree(expect) || Object.keys(expect).length === 0)
    return [{ path, why: 'is none, or { proposal: CAMPAIGN_PAUSE }' }]
  const { to, proposal } = expect
  return [
    ...odd(path, expect, ['proposal', 'to', ...POLICY_EXPECT]),
    ...(to === undefined || Number.isFinite(to) ? [] : [{ path: `${path}/to`, why: 'is an amount' }]),
    ...(proposal === undefined || typeof proposal === 'string'
      ? []
      : [{ path: `${path}/proposal`, why: 'is a type of action, or none' }]),
  ]
}

const odd = (path: string, tree: Tree, known: readonly string[]): TestProblem[] =>
  Object.keys(tree)
    .filter(name => !known.includes(name))
    .map(name => ({
      path: `${path}/${name}`,
      why: `is no field${didYouMean(name, known)}; there are: ${known.join(', ')}`,
    }))
