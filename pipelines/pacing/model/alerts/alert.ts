import type { AlertType, Condition, Severity } from './conditions.ts'

export interface Alert {
  readonly type: AlertType
  readonly severity: Severity
  /** UTC microseconds. */
  readonly opened_at: number
  readonly cleared_at: number | null
  /** By hand. */
  readonly acknowledged_by: string | null
  readonly snoozed_until: number | null
}

/** One target's alert of one type: at most one is open. Plain data: a state that is kept. */
export interface AlertState {
  readonly open: Alert | null
  /** Since when the condition holds, and the last closed day then; null: it does not hold. */
  readonly heldSince: { readonly at: number; readonly closed: string } | null
  /** Since when an open one might be cleared. */
  readonly backSince: number | null
}

export const NO_ALERT: AlertState = { open: null, heldSince: null, backSince: null }

const SIX_HOURS_US = 6 * 3_600_000_000

export interface Moment {
  /** UTC microseconds. */
  readonly at: number
  /** The last closed day of the account. */
  readonly closed: string
}

/**
 * One evaluation. `changed`: the alert that was opened, became more or less severe, or was cleared.
 * @param condition null: it cannot be told, and nothing changes
 */
export function evaluate(
  state: AlertState,
  condition: Condition | null,
  now: Moment,
): { readonly state: AlertState; readonly changed: Alert | null } {
  if (condition === null) return { state, changed: null }
  return state.open ? whileOpen(state, state.open, condition, now) : whileClosed(state, condition, now)
}

function whileClosed(state: AlertState, { type, fires, opens }: Condition, now: Moment) {
  if (fires === null) return { state: NO_ALERT, changed: null }
  const since = state.heldSince ?? { at: now.at, closed: now.closed }
  const isDue =
    opens === 'AT_ONCE' ||
    (opens === 'SIX_HOURS' ? now.at - since.at >= SIX_HOURS_US : now.closed > since.closed)
  if (!isDue) return { state: { ...NO_ALERT, heldSince: since }, changed: null }
  const open: Alert = {
    type,
    severity: fires,
    opened_at: now.at,
    cleared_at: null,
    acknowledged_by: null,
    snoozed_until: null,
  }
  return { state: { open, heldSince: since, backSince: null }, changed: open }
}

function whileOpen(state: AlertState, open: Alert, { fires, clears, clearsAfter }: Condition, now: Moment) {
  if (clears) {
    const backSince = state.backSince ?? now.at
    if (now.at - backSince >= clearsAfter)
      return { state: NO_ALERT, changed: { ...open, cleared_at: now.at } }
    return { state: { ...state, backSince }, changed: null }
  }
  if (fires === null || fires === open.severity)
    return { state: { ...state, backSince: null }, changed: null }
  const changed = { ...open, severity: fires }
  return { state: { ...state, open: changed, backSince: null }, changed }
}

/** Somebody has seen it. It stays open. */
export const acknowledge = (alert: Alert, by: string): Alert => ({ ...alert, acknowledged_by: by })

/** Nobody is told until then. It stays open. @param until UTC microseconds */
export const snooze = (alert: Alert, until: number): Alert => ({ ...alert, snoozed_until: until })

/** Cleared by hand: where the condition still holds it has to hold anew before another is opened. */
export function resolve(state: AlertState, at: number): { state: AlertState; changed: Alert | null } {
  return { state: NO_ALERT, changed: state.open && { ...state.open, cleared_at: at } }
}

/** The same for the same target, type and opening, however often it is told. */
export const dedupeKey = (targetId: string, { type, opened_at }: Alert): string =>
  `${targetId}:${type}:${opened_at}`
