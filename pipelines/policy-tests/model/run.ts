import { may } from '../../roles.ts'
import type { Tree } from '../../tree.ts'
import { gateOfScore } from '../../trust/model/composite.ts'
import { STATUS_OF } from '../../trust/model/level.ts'
import { policyFor } from '../../trust/settings/policies.ts'
import type { Expected } from './expected.ts'
import { foldFrom, type Step, stepTo } from './fold.ts'
import type { Case } from './suite.ts'

/** Something that came otherwise than expected. */
export interface Failure {
  /** Of the step; null: there is only one. */
  readonly at: string | null
  readonly field: string
  readonly expected: unknown
  readonly came: unknown
}

export interface Ran {
  readonly failures: readonly Failure[]
  /** What came, step by step. */
  readonly came: readonly Tree[]
}

/** Runs a case: its steps share one fold. @param trust settings of the trust engine, JSON @param start UTC microseconds */
export function runCase(of: Case, trust: string, start: number): Ran {
  if ('command' in of) {
    const came = { allowed: may(of.role, of.command) }
    return { failures: differences(of.expected, came, null), came: [came] }
  }
  const fold = foldFrom(of.before, trust, start)
  const failures: Failure[] = []
  const came: Tree[] = []
  for (const { at, label, situation, saysChange, expected } of of.steps) {
    const step = stepTo(fold, situation, at, saysChange)
    const found = cameOf(step, trust)
    came.push(found)
    failures.push(...differences(expected, found, label === '' ? null : label))
  }
  return { failures, came }
}

function cameOf(step: Step, trust: string): Tree {
  if (step === null) return { proposal: null }
  const { change, decided } = step
  const { gate, enforcement, outcome, causes } = decided
  return {
    proposal: change?.type ?? 'NO_CURRENT_VALUE',
    to: typeof change?.after === 'number' ? change.after / 1e6 : null,
    gate: gate.final,
    raw: gate.raw,
    caps: gate.caps,
    score: gate.score,
    status: STATUS_OF[gateOfScore(gate.score, policyFor(1, trust))],
    effective_status: STATUS_OF[step.gate.all.risk_increasing.capped],
    violations: enforcement.violations.map(({ type, subtype }) =>
      subtype === null ? type : `${type}.${subtype}`,
    ),
    mode: enforcement.mode,
    enforcement: enforcement.mode,
    requires_confirmation: enforcement.requires_confirmation,
    allowed: enforcement.allowed,
    outcome,
    causes,
  }
}

/** Named fields are compared, lists whole (in whatever order), numbers to a millionth. */
function differences(expected: Expected, came: Tree, at: string | null): Failure[] {
  const wanted: Tree = expected === 'none' ? { proposal: null } : expected
  return Object.entries(wanted).flatMap(([field, value]) => {
    const found = came[field] ?? null
    const isSame =
      Array.isArray(value) && Array.isArray(found) ? isSameList(value, found) : isSameValue(value, found)
    return isSame ? [] : [{ at, field, expected: value, came: found }]
  })
}

const isSameValue = (expected: unknown, came: unknown): boolean =>
  typeof expected === 'number' && typeof came === 'number'
    ? Math.abs(expected - came) <= 1e-6 + 1e-12
    : (expected === 'none' ? null : expected) === came

/** `BUDGET_EXCEEDED` stands for any kind of it; what is named in full is looked for first. */
function isSameList(expected: readonly unknown[], came: readonly unknown[]): boolean {
  if (expected.length !== came.length) return false
  const left = came.map(String)
  const take = (is: (one: string) => boolean) => {
    const at = left.findIndex(is)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }
  const rest = expected.map(String).filter(name => !take(one => one === name))
  return rest.every(name => take(one => one.startsWith(`${name}.`)))
}
