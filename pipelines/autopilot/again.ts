import { canonical } from '../../engine/canonical.ts'
import type { DecisionRecord } from './kinds.ts'
import { type DecideInputs, decideAction } from './model/decide.ts'
import { decisionHash, saidOf } from './model/decision-hash.ts'

export interface DecidedAgain {
  readonly decision_id: string
  readonly outcome: string
  readonly recorded_hash: string
  readonly hash: string
  readonly same: boolean
  /** Names of what came out otherwise: `gate`, `causes` … */
  readonly differs: readonly string[]
}

/** A decision once more, from its own record alone: what is the same has the same hash. */
export function decidedAgain(record: DecisionRecord): DecidedAgain {
  const inputs = JSON.parse(record.inputs) as DecideInputs
  const said = saidOf(inputs, decideAction(inputs))
  const hash = decisionHash(said)
  const before = JSON.parse(record.decision) as Readonly<Record<string, unknown>>
  const names = [...new Set([...Object.keys(before), ...Object.keys(said)])]
  const differs = names.filter(name => textOf(before[name]) !== textOf(said[name]))
  return {
    decision_id: record.decision_id,
    outcome: String(said.outcome),
    recorded_hash: record.decision_hash,
    hash,
    same: hash === record.decision_hash && differs.length === 0,
    differs,
  }
}

const textOf = (value: unknown): string => (value === undefined ? '' : canonical(value))
