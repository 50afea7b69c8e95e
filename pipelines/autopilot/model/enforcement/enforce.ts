import { recorded } from '../../../recorded.ts'
import type { AutopilotSettings } from '../../settings/schema.ts'
import { campaignBudget, dailyIncrease } from './budget.ts'
import { type Case, type Check, isNote, type Note } from './check.ts'
import { dailySpend } from './daily-spend.ts'
import type { Facts } from './facts.ts'
import { adFrequency, changeCount, changeInterval } from './frequency.ts'
import { limitsOf } from './limits.ts'
import { pauseRequired } from './pause-required.ts'
import type { Proposal } from './proposal.ts'
import { roasBelow } from './roas.ts'
import { atMost, type Mode, strictest, type Violation } from './violation.ts'

/** What the limits say to an action. */
export interface Enforced {
  /** Whether a person may do it as it is: nothing is violated, or only limits that warn. */
  readonly allowed: boolean
  /** The strictest of the violations; null: there are none. */
  readonly mode: Mode | null
  readonly violations: readonly Violation[]
  /** Messages of those that only warn. */
  readonly warnings: readonly string[]
  /** A person may do it with a token (`token.ts`) and a reason. */
  readonly requires_confirmation: boolean
  /** Enforcement is switched off: nothing happens by itself, and nothing keeps a person. */
  readonly suggestions_only: boolean
  /** It loses money day after day: a pause is proposed instead. */
  readonly proposes_pause: boolean
  /** What was left out of account. */
  readonly notes: readonly Note[]
}

/** In the order in which they are told. */
const CHECKS: readonly Check[] = [
  campaignBudget,
  dailyIncrease,
  roasBelow,
  dailySpend,
  pauseRequired,
  adFrequency,
  changeCount,
  changeInterval,
]

const NOTHING_PROPOSED: Note = { code: 'NOTHING_PROPOSED', message: 'There is no change to look at' }

/**
 * Holds a change to the limits of its tenant (product.md §4.4). Pure: the same facts and settings, the same answer.
 * @param now UTC microseconds
 */
export function enforce(
  { change, overrides, reverts }: Proposal,
  facts: Facts,
  settings: AutopilotSettings,
  now: number,
): Enforced {
  const violations: Violation[] = []
  const notes: Note[] = []
  if (change === null) notes.push(NOTHING_PROPOSED)
  else {
    const of: Case = { change, reverts, facts, settings, now }
    for (const check of CHECKS) if (check.applies(of)) hold(check, of, overrides, violations, notes)
  }
  const mode = strictest(violations.map(violation => violation.mode))
  return {
    allowed: mode === null || mode === 'ADVISORY',
    mode,
    violations,
    warnings: violations.filter(violation => violation.mode === 'ADVISORY').map(({ message }) => message),
    requires_confirmation: mode === 'SOFT_BLOCK',
    suggestions_only: !settings.enforcement_enabled,
    proposes_pause: violations.some(({ type }) => type === 'CAMPAIGN_PAUSE_REQUIRED'),
    notes,
  }
}

/** Holds it to every limit of one check; adds what is found. */
function hold(
  check: Check,
  of: Case,
  overrides: Readonly<Record<string, string>>,
  violations: Violation[],
  notes: Note[],
): void {
  const { settings, facts } = of
  for (const { setting, value, unit, mode } of limitsOf(check, facts, settings, overrides)) {
    const found = check.breach(of, recorded(value / unit))
    if (found === null) continue
    if (isNote(found)) {
      if (!notes.some(({ code }) => code === found.code)) notes.push(found)
      continue
    }
    const { subtype, message, actual, most } = found
    violations.push({
      type: check.type,
      subtype,
      message: `${message} (${setting})`,
      setting,
      threshold: value,
      actual: actual === null ? null : recorded(actual * unit),
      mode: settings.enforcement_enabled ? atMost(mode, most ?? mode) : 'ADVISORY',
    })
  }
}
