import { tickKind } from '../../../engine/clock/tick.ts'
import {
  COMMAND_RESULTS,
  type Command,
  commandKind,
  commandResultKind,
} from '../../../engine/command/command.ts'
import { deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import { permitText } from '../../../engine/execute/permit.ts'
import type { Source } from '../../../engine/source/port.ts'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import { type ActionRecord, actionKind } from '../../../pipelines/autopilot/kinds.ts'
import { killSwitchKind } from '../../../pipelines/kill-switch/kinds.ts'
import { LEASE_US } from './fold.ts'
import { signing } from './house.ts'

interface Known {
  action: ActionRecord | null
  outcome: string | null
}

const emit = (state: Known, more: Partial<ActionRecord>, ctx: StageContext) => {
  const { action } = state
  state.action = { ...action!, ...more, revision: action!.revision + 1, event_id: `e${action!.revision + 1}` }
  ctx.emit('actions', actionKind, state.action, [state.action.tenant_id, state.action.action_id])
}

/** As little of the autopilot as an executor needs: one action a tenant, put there, leased and ended by commands. */
const leases = stage({
  name: 'leases',
  version: 1,
  key: (c: Command) => [c.tenant_id],
  state: { version: 1, empty: (): Known => ({ action: null, outcome: null }) },
  on: {
    command(state: Known, command: Command, ctx) {
      const body = JSON.parse(command.body) as Readonly<Record<string, unknown>>
      let said: unknown = {}
      if (command.command === 'test.approve') {
        state.action = { ...(body as unknown as ActionRecord), revision: 0 }
        emit(state, {}, ctx)
      } else if (command.command === 'action.lease') {
        const now = command.event_time
        const until = now + LEASE_US
        emit(state, { lease_holder: command.actor, lease_until: until }, ctx)
        const { action_id, attempt, platform, account_id, level, campaign_id, adset_id, ad_id } =
          state.action!
        const { field, before_status, after_status, before_micros, after_micros } = state.action!
        const permit = {
          ...{ v: 1, tenant: command.tenant_id, action_id, attempt, mode: 'WRITE', holder: command.actor },
          ...{ platform, account_id, level, campaign_id, adset_id, ad_id },
          field,
          before: field === 'status' ? before_status : before_micros,
          after: field === 'status' ? after_status : after_micros,
          ...{ currency: 'USD', gate: { final: 'PASS', valid_until: until }, exemption: null },
          ...{ issued_at: now, lease_until: until, expires_at: until },
        }
        said = { permit, signature: signing.sign(permitText(permit)), key_id: signing.keyId }
      } else if (command.command === 'action.result') {
        state.outcome = command.body
        const isDone = body.outcome === 'APPLIED'
        emit(state, { state: isDone ? 'APPLIED' : 'FAILED', lease_holder: null, lease_until: null }, ctx)
      } else said = JSON.parse(state.outcome ?? 'null')
      const { tenant_id, event_id, event_time, ingest_time, actor, reason } = command
      ctx.emit(
        COMMAND_RESULTS,
        commandResultKind,
        {
          ...{ tenant_id, event_id: `${event_id} result`, event_time, ingest_time, actor, reason },
          ...{ command_id: event_id, command: command.command, accepted: true, code: null, message: '' },
          body: JSON.stringify(said),
        },
        [tenant_id, event_id],
      )
    },
  },
})

export const application = (source: Source): Application => ({
  sources: [source],
  topics: [
    { name: 'facts', route: 'key', cleanup: 'delete', kinds: [commandKind, tickKind] },
    { name: 'actions', route: 'input', cleanup: 'compact', kinds: [actionKind] },
    { name: 'killswitch', route: 'key', cleanup: 'compact', kinds: [killSwitchKind] },
    { name: COMMAND_RESULTS, route: 'input', cleanup: 'delete', kinds: [commandResultKind] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
  ],
  tasks: [{ name: 'tenant', from: 'facts', stages: [leases], emits: ['actions', COMMAND_RESULTS] }],
  tables: [],
  executors: { actions: 'actions', killSwitch: 'killswitch', verifier: signing },
})
