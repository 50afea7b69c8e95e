import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { EVERYBODY } from '../../engine/execute/engaged.ts'
import type { AtOnce } from '../../engine/stage/topology.ts'
import { may } from '../roles.ts'
import { KILL_SWITCH_TOPIC, killSwitchKind } from './kinds.ts'
import { askedBy } from './stage.ts'

/**
 * A stop is in force as soon as it is sent, by whoever may: executors read it past every backlog of the fold. Releasing
 * is the fold's alone.
 */
export function engageAtOnce(command: Command): AtOnce | null {
  const asked = askedBy(command)
  if (asked === null || 'problem' in asked || !asked.engaged) return null
  const { tenant_id, event_id, event_time, ingest_time, actor, role } = command
  if (!may(role, 'killswitch.engage') || (tenant_id === EVERYBODY && role !== 'SUPERADMIN')) return null
  return {
    topic: KILL_SWITCH_TOPIC,
    kind: killSwitchKind,
    value: {
      tenant_id,
      event_id: deterministicId(tenant_id, event_id, 'engaged at once'),
      event_time,
      ingest_time,
      engaged: true,
      reason: asked.reason,
      actor,
      since: event_time,
      revision: 0,
      commands: JSON.stringify([event_id]),
    } as never,
    key: [tenant_id, 'sent'],
  }
}
