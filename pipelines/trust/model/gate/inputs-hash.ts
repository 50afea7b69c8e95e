import { createHash } from 'node:crypto'
import { canonical } from '../../../../engine/canonical.ts'
import type { DecisionInputs } from './decision.ts'

/**
 * SHA-256 (hex) of what a decision depends on: its inputs and the version of the policy, as canonical JSON. Made only
 * when a decision is recorded: it costs more than the decision.
 */
export const inputsHash = (inputs: DecisionInputs, policyVersion: number): string =>
  createHash('sha256')
    .update(`stratum.gate.v1\n${canonical({ ...inputs, policy_version: policyVersion })}`)
    .digest('hex')
