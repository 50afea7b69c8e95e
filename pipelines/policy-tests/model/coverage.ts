import type { Tree } from '../../tree.ts'
import { CAPS, GATES, OUTCOMES, VIOLATIONS } from './names.ts'

/** What cases can reach, by kind. */
export const REACHABLE: Readonly<Record<string, readonly string[]>> = {
  outcomes: OUTCOMES,
  gates: GATES,
  caps: CAPS,
  violations: VIOLATIONS,
}

/** What came in a step, by kind. */
export const reachedBy = ({
  outcome,
  gate,
  caps,
  violations,
}: Tree): Readonly<Record<string, readonly string[]>> => ({
  outcomes: listOf(outcome),
  gates: listOf(gate),
  caps: listOf(caps),
  violations: listOf(violations),
})

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String))
