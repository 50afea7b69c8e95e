import { riskClassOf } from '../../../trust/model/actions.ts'
import type { Change } from '../change.ts'
import type { Facts } from './facts.ts'

export interface Proposal {
  /** Null: nothing absolute can be proposed. */
  readonly change: Change | null
  /** Modes that the rule sets for itself, by type of violation. */
  readonly overrides: Readonly<Record<string, string>>
  /** Whether it takes one of our changes back. */
  readonly reverts: boolean
}

/** By what it does, whatever it is called: a "decrease" to more than there is raises risk too. */
export const raisesRisk = ({ type, before, after }: Change): boolean =>
  riskClassOf(type) === 'risk_increasing' ||
  (typeof before === 'number' && typeof after === 'number' && after > before)

export const isEnable = ({ type }: Change): boolean => type.endsWith('_ENABLE')
export const isPause = ({ type }: Change): boolean => type.endsWith('_PAUSE')

/** The budget there will be, of the kind there is, in micros: the one proposed, or the one that goes live; null: not known. */
export const budgetAfter = (change: Change, { budget }: Facts): number | null =>
  change.field === 'budget' && typeof change.after === 'number' ? change.after : budget.micros

/** A budget as what it is a day, in micros and not rounded: a lifetime one ÷ the days it still runs; null: not known. */
export function perDay(micros: number | null, { kind, remaining_days }: Facts['budget']): number | null {
  if (micros === null || kind === null) return null
  if (kind === 'daily') return micros
  return remaining_days !== null && remaining_days > 0 ? micros / remaining_days : null
}
