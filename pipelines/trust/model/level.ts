/** What the gate says, best first. PASS: may run by itself. HOLD: a person may approve. BLOCK: by hand only. */
export type Gate = 'PASS' | 'HOLD' | 'BLOCK'
export type Status = 'HEALTHY' | 'DEGRADED' | 'CRITICAL'
export type Outcome = 'EXECUTE' | 'ALERT_ONLY' | 'MANUAL_REQUIRED'

const RANK: Readonly<Record<Gate, number>> = { BLOCK: 0, HOLD: 1, PASS: 2 }

export const isWorse = (a: Gate, b: Gate): boolean => RANK[a] < RANK[b]
export const worse = (a: Gate, b: Gate): Gate => (RANK[a] < RANK[b] ? a : b)

/** One level better; null above PASS. */
export const nextBetter = (gate: Gate): Gate | null =>
  gate === 'BLOCK' ? 'HOLD' : gate === 'HOLD' ? 'PASS' : null

export const STATUS_OF: Readonly<Record<Gate, Status>> = {
  PASS: 'HEALTHY',
  HOLD: 'DEGRADED',
  BLOCK: 'CRITICAL',
}

export const OUTCOME_OF: Readonly<Record<Gate, Outcome>> = {
  PASS: 'EXECUTE',
  HOLD: 'ALERT_ONLY',
  BLOCK: 'MANUAL_REQUIRED',
}
