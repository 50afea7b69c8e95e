import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { bodyOf, namedIn } from '../commands/body.ts'
import { may, refusalOf } from '../roles.ts'
import { type Alerts, alertIdOf, change, clear, type Of } from './alerting.ts'
import { type Alert, acknowledge, snooze } from './model/alerts/alert.ts'

const COMMANDS = ['pacing.acknowledge', 'pacing.resolve', 'pacing.snooze']
export const isAboutAlerts = ({ command }: Command): boolean => COMMANDS.includes(command)

const LONGEST_US = 92 * 86_400_000_000

/**
 * Acknowledges, resolves or snoozes an open alert: the body names it (`alert`), and until when it is snoozed (`until`, UTC
 * microseconds, at most a quarter ahead).
 * @returns whether something changed
 */
export function byHand(
  targets: Readonly<Record<string, { readonly alerts: Alerts }>>,
  command: Command,
  ctx: StageContext,
): boolean {
  const { actor, role, reason, tenant_id, event_time, ingest_time } = command
  const say = (code: RefusalCode | null, message: string, body: unknown = {}): boolean => {
    answer(command, { code, message, body }, ctx)
    return code === null
  }
  if (!may(role, command.command)) return say('FORBIDDEN', refusalOf(role, command.command, actor))
  const id = namedIn(command, 'alert')
  const found = openOne(targets, id, { tenant_id, event_time, ingest_time })
  if (found === null) return say('NOT_FOUND', `no alert "${id.slice(0, 64)}" is open`)
  const { alerts, open, of } = found
  if (command.command === 'pacing.resolve') {
    clear(alerts, open.type, { cleared_by: 'HAND', note: reason }, of, ctx)
    return say(null, 'resolved', { alert: id })
  }
  if (command.command === 'pacing.acknowledge') {
    change(alerts, acknowledge(open, actor), reason, of, ctx)
    return say(null, 'acknowledged', { alert: id })
  }
  const until = bodyOf(command)?.until
  const isTime = typeof until === 'number' && Number.isSafeInteger(until) && until > event_time
  if (!isTime || until > event_time + LONGEST_US)
    return say('VALIDATION_ERROR', '/until: UTC microseconds, later than now and at most 92 days')
  change(alerts, snooze(open, until), reason, of, ctx)
  return say(null, 'snoozed', { alert: id, until })
}

function openOne(
  targets: Readonly<Record<string, { readonly alerts: Alerts }>>,
  id: string,
  base: Omit<Of, 'target_id'>,
): { readonly alerts: Alerts; readonly open: Alert; readonly of: Of } | null {
  for (const [target_id, { alerts }] of Object.entries(targets)) {
    const of = { ...base, target_id }
    for (const { open } of Object.values(alerts.states))
      if (open && alertIdOf(of, open) === id) return { alerts, open, of }
  }
  return null
}
