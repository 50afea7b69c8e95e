import { isOutage, messageOf, StratumError } from '../errors.ts'
import { type ActionOutcome, foundBy, type InForce, isDrift, isUnknownOutcome } from '../source/acting.ts'
import { troubleKind } from '../source/trouble.ts'
import { askedOf } from './action.ts'
import { PermitRefused } from './call.ts'
import { changeOf, type Permit } from './permit.ts'

/** What became of a permit: the body of `action.result`, without whose it is. */
export interface Outcome {
  /**
   * APPLIED: it is in force. FAILED: it is not, and trying again would not help; nothing was written. NOT_SENT: nothing
   * was sent, later it may go. NOT_WRITTEN: it was sent, and by reading it was not made. UNKNOWN: to be settled.
   */
  readonly outcome: 'APPLIED' | 'FAILED' | 'NOT_SENT' | 'NOT_WRITTEN' | 'UNKNOWN'
  readonly code: string | null
  readonly message: string | null
  /** What was found in force. */
  readonly found: InForce | null
  /** How long the platform asks to wait, milliseconds. */
  readonly retry_after_ms: number | null
}

/** Stopped before anything was sent, by this process itself. */
export class Withheld extends Error {
  readonly code: 'KILL_SWITCH_ENGAGED' | 'PERMIT_EXPIRED' | 'STOPPING'
  constructor(code: Withheld['code'], message: string) {
    super(message)
    this.name = 'Withheld'
    this.code = code
  }
}

const outcome = (kind: Outcome['outcome'], more: Partial<Outcome> = {}): Outcome => ({
  outcome: kind,
  ...{ code: null, message: null, found: null, retry_after_ms: null },
  ...more,
})

/** Of an action that ended without an error. */
export function outcomeOf(permit: Permit, { inForce, written, confirmed }: ActionOutcome): Outcome {
  const { before, after } = inForce
  if (permit.mode === 'SETTLE') return settled(permit, before)
  if (confirmed) return outcome('APPLIED', { found: after })
  // The platform took it and shows something else: a later read says what came of it.
  const message = `the platform took the change and shows ${JSON.stringify(after)}`
  return outcome(written ? 'UNKNOWN' : 'FAILED', { code: 'READ_BACK_DIFFERS', message, found: after })
}

/** What is in force now says what became of a change. */
function settled(permit: Permit, found: InForce): Outcome {
  const { expected, wanted } = askedOf(changeOf(permit))
  if (isIn(wanted, found)) return outcome('APPLIED', { code: 'SETTLED', found })
  if (isIn(expected, found))
    return outcome('NOT_WRITTEN', { code: 'SETTLED', message: 'what was in force before still is', found })
  const message = `neither what was in force before nor what was wanted: ${JSON.stringify(found)}`
  return outcome('FAILED', { code: 'DRIFT', message, found })
}

const isIn = (some: InForce, all: InForce): boolean =>
  Object.entries(some).every(([name, value]) => all[name] === value)

export interface Ended {
  readonly permit: Permit
  readonly error: unknown
  /** It was let through to be written. */
  readonly begun: boolean
  /** It was cut off at the end of its time. */
  readonly cut: boolean
}

/** Of an action that ended with an error: what it says of the change, never more than is certain. */
export function outcomeOfError({ permit, error, begun, cut }: Ended): Outcome {
  const message = messageOf(error)
  const found = foundBy(error)
  const { retryAfterMs } = (error ?? {}) as { retryAfterMs?: unknown }
  const retry_after_ms = typeof retryAfterMs === 'number' ? retryAfterMs : null
  const code = codeOf(error)
  // Nothing is certain of a change by not having been able to read.
  if (permit.mode === 'SETTLE') return outcome('UNKNOWN', { code, message, retry_after_ms })
  if (begun && isUncertain(error, cut)) return outcome('UNKNOWN', { code, message, retry_after_ms })
  if (isDrift(error)) return outcome('FAILED', { code: 'DRIFT', message, found })
  // Read back after an answer was lost.
  if (begun && found !== null) {
    const read = settled(permit, found)
    return { ...read, code: read.outcome === 'NOT_WRITTEN' ? code : read.code, message, retry_after_ms }
  }
  const isForNow = cut || error instanceof Withheld || code === 'RETRYABLE'
  return outcome(isForNow ? 'NOT_SENT' : 'FAILED', { code, message, retry_after_ms })
}

/** What no connector has said of its platform is not known to have been refused. */
const isUncertain = (error: unknown, cut: boolean): boolean =>
  isUnknownOutcome(error) ||
  (!(error instanceof Withheld) &&
    !isDrift(error) &&
    (cut || (troubleKind(error) === null && !isInvalid(error))))

/** What an aborted signal rejects with. */
const isCut = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')

const isInvalid = (error: unknown): boolean =>
  error instanceof StratumError && error.code === 'CONFIG_INVALID'

/** Few values: they are a label of metrics and part of what consumers read. */
function codeOf(error: unknown): string {
  if (error instanceof Withheld || error instanceof PermitRefused) return error.code
  if (isDrift(error)) return 'DRIFT'
  if (isOutage(error)) return 'RETRYABLE'
  if (isInvalid(error)) return 'INVALID'
  if (isCut(error)) return 'TIMED_OUT'
  switch (troubleKind(error)) {
    case 'auth':
      return (error as { lack?: unknown }).lack === 'permission' ? 'PERMISSION' : 'AUTH'
    case 'config':
      return 'INVALID'
    case 'retryable':
      return 'RETRYABLE'
    default:
      return 'REFUSED'
  }
}

/** Of a permit that cannot be used: nothing was asked of any platform. */
export const unusable = (error: unknown): Outcome =>
  outcome('NOT_SENT', {
    code: error instanceof PermitRefused ? error.code : 'PERMIT_INVALID',
    message: messageOf(error),
  })
