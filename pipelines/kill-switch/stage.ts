import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { messageOf } from '../../engine/errors.ts'
import { EVERYBODY } from '../../engine/execute/engaged.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { may, refusalOf } from '../roles.ts'
import { PLATFORMS } from '../signals/platform.ts'
import { KILL_SWITCH_TOPIC, killSwitchKind, killSwitchSetKind, platformSwitchSetKind } from './kinds.ts'
import {
  type Asked,
  engage,
  hasSeen,
  readBody,
  release,
  released,
  type SwitchState,
  shownSwitch,
} from './model.ts'

/** Commands that are about the switch, and what they ask for; null: their body says. */
const COMMANDS: Readonly<Record<string, boolean | null>> = {
  'killswitch.engage': true,
  'killswitch.release': false,
  'killswitch.set': null,
}

/**
 * Stops a tenant's autopilot, and lets it go on: any MANAGER stops it, an ADMIN releases it. It restricts only: what is
 * queued stays queued. Of the whole installation: SUPERADMIN alone, and it adds to the tenants' own.
 */
export const killSwitch = stage({
  name: 'kill-switch',
  version: 1,
  key: (c: Command) => [c.tenant_id],
  state: { version: 1, empty: released },
  on: {
    command(state: SwitchState, command: Command, ctx) {
      const asked = askedBy(command)
      if (asked === null) return ctx.unchanged()
      const say = (code: RefusalCode | null, message: string) =>
        answer(command, { code, message, body: shownSwitch(state) }, ctx)
      if ('problem' in asked) return say('VALIDATION_ERROR', asked.problem)
      const permission = asked.engaged ? 'killswitch.engage' : 'killswitch.release'
      const { tenant_id, actor, role, event_id, event_time: now } = command
      const isOfAll = tenant_id === EVERYBODY
      if (!may(role, permission) || (isOfAll && role !== 'SUPERADMIN'))
        return say('FORBIDDEN', refusalOf(role, permission, actor))
      // The switch of a tenant is the tenant's; who runs the installation has one of their own.
      if (!isOfAll && !asked.engaged && role === 'SUPERADMIN')
        return say('FORBIDDEN', `${tenant_id}'s switch is released by its own ADMIN`)
      if (asked.engaged) {
        if (hasSeen(state, event_id)) return say(null, 'engaged already')
        engage(state, actor, asked.reason, now, event_id)
      } else {
        if (!state.engaged) return say(null, 'it was not engaged')
        release(state, actor, asked.reason, now)
      }
      write(state, command, ctx)
      say(null, asked.engaged ? 'engaged: nothing is written to platforms' : 'released')
    },
  },
})

/** What a command asks of the switch; null: it is about something else. */
export function askedBy({ command, body, reason }: Command): Asked | null {
  if (!Object.hasOwn(COMMANDS, command)) return null
  let said: unknown
  try {
    said = JSON.parse(body)
  } catch (error) {
    return { problem: messageOf(error) }
  }
  const engaged = COMMANDS[command]!
  const fields = (typeof said === 'object' && said !== null ? said : {}) as Readonly<Record<string, unknown>>
  return readBody({
    ...(engaged === null ? {} : { engaged }),
    ...(reason === null ? {} : { reason }),
    ...fields,
  })
}

function write(state: SwitchState, command: Command, ctx: StageContext): void {
  const { tenant_id, event_id, event_time, ingest_time } = command
  const { engaged, reason, actor, since, revision, commands } = state
  const base = { tenant_id, event_time, ingest_time }
  const id = (what: string) => deterministicId(tenant_id, event_id, what)
  ctx.emit(
    KILL_SWITCH_TOPIC,
    killSwitchKind,
    {
      ...base,
      event_id: id('switch'),
      engaged,
      reason,
      actor,
      since,
      revision,
      commands: JSON.stringify(commands),
    },
    [tenant_id],
  )
  for (const platform of PLATFORMS)
    ctx.hand(platformSwitchSetKind, { ...base, event_id: id(`switch of ${platform}`), platform, engaged })
  ctx.hand(killSwitchSetKind, { ...base, event_id: id('switch set'), engaged, reason, actor })
}
