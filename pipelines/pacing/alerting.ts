import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { PACING_TOPIC, type PacingAlert, pacingAlertKind } from './kinds.ts'
import {
  type Alert,
  type AlertState,
  dedupeKey,
  evaluate,
  type Moment,
  NO_ALERT,
  resolve,
} from './model/alerts/alert.ts'
import type { AlertType, Condition } from './model/alerts/conditions.ts'

/** The alerts of one target by type, and how often what is written of an open one has changed. Plain JSON. */
export interface Alerts {
  states: Partial<Record<AlertType, AlertState>>
  revisions: Partial<Record<AlertType, number>>
}

export const noAlerts = (): Alerts => ({ states: {}, revisions: {} })

/** Of whose alert, and when: what each row of it begins with. */
export interface Of extends Omit<BaseRecord, 'event_id'> {
  readonly target_id: string
}

export const hasOpen = ({ states }: Alerts): boolean =>
  Object.values(states).some(({ open }) => open !== null)

export const alertIdOf = ({ tenant_id, target_id }: Of, alert: Alert): string =>
  deterministicId(tenant_id, 'alert', dedupeKey(target_id, alert))

/** Opens, changes and clears alerts by their conditions, in place, and writes what changed. */
export function alert(
  alerts: Alerts,
  conditions: readonly Condition[],
  moment: Moment,
  of: Of,
  ctx: StageContext,
): void {
  for (const condition of conditions) {
    const { state, changed } = evaluate(alerts.states[condition.type] ?? NO_ALERT, condition, moment)
    alerts.states[condition.type] = state
    if (changed !== null) write(alerts, changed, { cleared_by: 'CONDITION', note: null }, of, ctx)
  }
}

/** Clears one that is open, in place; false: it is not open. */
export function clear(
  alerts: Alerts,
  type: AlertType,
  { cleared_by, note }: { readonly cleared_by: 'HAND' | 'TARGET'; readonly note: string | null },
  of: Of,
  ctx: StageContext,
): boolean {
  const { state, changed } = resolve(alerts.states[type] ?? NO_ALERT, of.event_time)
  if (changed === null) return false
  alerts.states[type] = state
  write(alerts, changed, { cleared_by, note }, of, ctx)
  return true
}

/** All that are open: their target has ended, was changed or taken away. */
export function clearAll(alerts: Alerts, of: Of, ctx: StageContext): void {
  for (const type of Object.keys(alerts.states) as AlertType[])
    clear(alerts, type, { cleared_by: 'TARGET', note: null }, of, ctx)
  alerts.states = {}
}

/** Writes an open alert that somebody changed by hand, in place. */
export function change(alerts: Alerts, alert: Alert, note: string | null, of: Of, ctx: StageContext): void {
  alerts.states[alert.type] = { ...alerts.states[alert.type]!, open: alert }
  write(alerts, alert, { cleared_by: null, note }, of, ctx)
}

function write(
  alerts: Alerts,
  alert: Alert,
  { cleared_by, note }: Pick<PacingAlert, 'cleared_by' | 'note'>,
  of: Of,
  ctx: StageContext,
): void {
  const alert_id = alertIdOf(of, alert)
  const revision = (alerts.revisions[alert.type] ?? 0) + 1
  if (alert.cleared_at === null) alerts.revisions[alert.type] = revision
  else delete alerts.revisions[alert.type]
  ctx.emit(
    PACING_TOPIC,
    pacingAlertKind,
    {
      ...{ ...of, ...alert, alert_id, note, revision },
      event_id: deterministicId(alert_id, revision),
      cleared_by: alert.cleared_at === null ? null : cleared_by,
    },
    [of.tenant_id, of.target_id, alert_id],
  )
}
