import { didYouMean } from '../../../engine/config/suggest.ts'
import { PERMISSIONS, ROLES } from '../../roles.ts'
import type { Rule } from '../../rules/model/rule.ts'
import { isTree, merge, type Tree } from '../../tree.ts'
import { type Expected, expectedOf, shown } from './expected.ts'
import { cellsOf } from './matrix.ts'
import type { Situation } from './situation.ts'
import { afterOf } from './time.ts'
import type { Wrong } from './wrong.ts'

/** A test case, of one cell of its matrix. */
export type Case = { readonly name: string } & (
  | { readonly command: string; readonly role: string; readonly expected: Tree }
  | { readonly before: Situation; readonly steps: readonly CaseStep[] }
)

export interface CaseStep {
  /** UTC microseconds. */
  readonly at: number
  /** As it was written; '': there is only one. */
  readonly label: string
  readonly situation: Situation
  readonly saysChange: boolean
  readonly expected: Expected
}

/** What tests are read against. */
export interface Context {
  readonly rule: Rule | null
  /** UTC microseconds. */
  readonly clock: number
  /** Of the file, for all its cases. */
  readonly given: Tree
  situationOf(
    given: Tree,
    now: number,
  ): { readonly situation: Situation } | { readonly wrong: readonly Wrong[] }
}

const MOST_TESTS = 2_000
const MOST_CELLS = 1_000
const MOST_STEPS = 200
const MOST_NAME = 200
const KEYS = ['name', 'given', 'expect', 'matrix', 'when', 'steps']
const WANTED = 'is { name, given, expect }'

/** The cases of a file, one for each cell of a matrix, and everything that is wrong with them. */
export function casesOf(
  tests: unknown,
  context: Context,
): { readonly cases: readonly Case[]; readonly wrong: readonly Wrong[] } {
  if (!Array.isArray(tests))
    return { cases: [], wrong: [{ path: '/tests', reason: 'is a list of { name, given, expect }' }] }
  if (tests.length > MOST_TESTS)
    return { cases: [], wrong: [{ path: '/tests', reason: `has more than ${MOST_TESTS} entries` }] }
  const cases: Case[] = []
  const wrong: Wrong[] = []
  for (const [i, test] of (tests as unknown[]).entries()) {
    const found = caseOf(test, `/tests/${i}`, context)
    cases.push(...found.cases)
    for (const one of found.wrong)
      if (!wrong.some(known => known.path === one.path && known.reason === one.reason)) wrong.push(one)
  }
  return { cases, wrong }
}

function caseOf(test: unknown, path: string, context: Context): { cases: Case[]; wrong: Wrong[] } {
  if (!isTree(test)) return { cases: [], wrong: [{ path, reason: WANTED }] }
  const wrong = oddIn(test, KEYS, path)
  const odd = wrong.length
  const { name, given = {}, expect, matrix, when, steps } = test
  if (typeof name !== 'string' || name.trim() === '' || name.length > MOST_NAME)
    wrong.push({ path: `${path}/name`, reason: `says what is tested, in ${MOST_NAME} characters at most` })
  if (!isTree(given)) wrong.push({ path: `${path}/given`, reason: `is an object, got ${shown(given)}` })
  if (when !== undefined && steps !== undefined)
    wrong.push({ path: `${path}/steps`, reason: 'are nothing that a command has' })
  if (steps !== undefined && expect !== undefined)
    wrong.push({ path: `${path}/expect`, reason: 'belongs into each of the steps' })
  const grid = cellsOf(matrix, `${path}/matrix`, MOST_CELLS)
  if ('wrong' in grid) wrong.push(...grid.wrong)
  // A name too many hides nothing of the rest.
  if (wrong.length > odd || 'wrong' in grid) return { cases: [], wrong }
  const isCommand = when !== undefined || (isTree(matrix) && Object.hasOwn(matrix, 'command'))
  const cases: Case[] = []
  for (const [at, { label, put }] of grid.cells.entries()) {
    const cell = matrix === undefined ? null : { at, of: grid.cells.length }
    const all = {
      name: label === '' ? (name as string) : `${name as string} [${label}]`,
      path,
      cell,
      context,
    }
    const found = !isCommand
      ? ofSteps(test, put, all)
      : ofCommand(
          put({ given: merge(context.given, given as Tree), ...(when === undefined ? {} : { when }) }),
          expect,
          all,
        )
    if ('wrong' in found) wrong.push(...found.wrong)
    else cases.push(found)
  }
  return { cases, wrong }
}

interface Of {
  readonly name: string
  readonly path: string
  readonly cell: { readonly at: number; readonly of: number } | null
  readonly context: Context
}

function ofCommand(
  { given, when }: Tree,
  expect: unknown,
  { name, path, cell }: Of,
): Case | { wrong: readonly Wrong[] } {
  if (!isTree(when))
    return { wrong: [{ path: `${path}/when`, reason: 'is { command: killswitch.release }' }] }
  const wrong = oddIn(when, ['command'], `${path}/when`)
  const role = isTree(given) ? given.role : undefined
  const { command } = when
  const unknown = (value: unknown, words: readonly string[]) =>
    `is one of ${words.join(', ')}; got ${shown(value)}${typeof value === 'string' ? didYouMean(value, words) : ''}`
  if (!PERMISSIONS.includes(command as string))
    wrong.push({ path: `${path}/when/command`, reason: unknown(command, PERMISSIONS) })
  if (!(ROLES as readonly unknown[]).includes(role))
    wrong.push({ path: `${path}/given/role`, reason: unknown(role, ROLES) })
  const found = expectedOf(expect, { isRule: false, isCommand: true, cell }, `${path}/expect`)
  if ('wrong' in found) wrong.push(...found.wrong)
  if (wrong.length > 0 || 'wrong' in found) return { wrong }
  return { name, command: command as string, role: role as string, expected: found.expected as Tree }
}

function ofSteps(
  test: Tree,
  put: (tree: Tree) => Tree,
  { name, path, cell, context }: Of,
): Case | { wrong: readonly Wrong[] } {
  const { clock, rule } = context
  const isRule = rule !== null
  const base = put({ given: merge(context.given, (test.given ?? {}) as Tree) }).given as Tree
  // What is proposed may be for the steps to say; until then it moves nothing.
  const { proposal, ...still } = base
  const before = context.situationOf(test.steps === undefined && proposal !== undefined ? base : still, clock)
  if ('wrong' in before)
    return { wrong: before.wrong.map(one => ({ ...one, path: `${path}/given${one.path}` })) }
  const expectedAt = (value: unknown, at: string) => expectedOf(value, { isRule, isCommand: false, cell }, at)
  if (test.steps === undefined) {
    const found = expectedAt(test.expect, `${path}/expect`)
    if ('wrong' in found) return found
    const step = {
      at: clock,
      label: '',
      situation: before.situation,
      saysChange: false,
      expected: found.expected,
    }
    return { name, before: before.situation, steps: [step] }
  }
  const wanted = { path: `${path}/steps`, reason: `are 1 to ${MOST_STEPS} of { at: +35m, given, expect }` }
  if (!Array.isArray(test.steps) || test.steps.length === 0 || test.steps.length > MOST_STEPS)
    return { wrong: [wanted] }
  const steps: CaseStep[] = []
  const wrong: Wrong[] = []
  let now: Tree = base
  let last = clock - 1
  for (const [i, step] of (test.steps as unknown[]).entries()) {
    const at = `${path}/steps/${i}`
    if (!isTree(step)) {
      wrong.push({ path: at, reason: 'is { at: +35m, given, expect }' })
      continue
    }
    wrong.push(...oddIn(step, ['at', 'given', 'expect'], at))
    const { given = {}, expect } = step
    const after = afterOf(String(step.at))
    const when = typeof after === 'number' ? clock + after : last + 1
    if (typeof after === 'string') wrong.push({ path: `${at}/at`, reason: after })
    else if (when <= last)
      wrong.push({
        path: `${at}/at`,
        reason: 'is not after the step before it: times are counted from the clock',
      })
    last = Math.max(last, when)
    if (!isTree(given)) {
      wrong.push({ path: `${at}/given`, reason: `is an object, got ${shown(given)}` })
      continue
    }
    now = merge(now, given)
    const found = context.situationOf(now, when)
    const expected = expectedAt(expect, `${at}/expect`)
    if ('wrong' in found) wrong.push(...found.wrong.map(one => ({ ...one, path: `${at}/given${one.path}` })))
    if ('wrong' in expected) wrong.push(...expected.wrong)
    if ('wrong' in found || 'wrong' in expected) continue
    const saysChange = isTree(given.entity) && given.entity.hours_since_change !== undefined
    steps.push({
      at: when,
      label: String(step.at),
      situation: found.situation,
      saysChange,
      expected: expected.expected,
    })
  }
  return wrong.length > 0 ? { wrong } : { name, before: before.situation, steps }
}

export const oddIn = (tree: Tree, known: readonly string[], path: string): Wrong[] =>
  Object.keys(tree)
    .filter(name => !known.includes(name))
    .map(name => ({
      path: `${path}/${name}`,
      reason: `is no field${didYouMean(name, known)}; there are: ${known.join(', ')}`,
    }))
