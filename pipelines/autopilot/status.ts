import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { PLATFORMS } from '../signals/platform.ts'
import { decideAgain } from '../trust/model/gate/decision.ts'
import { policyFor } from '../trust/settings/policies.ts'
import { carry, shown } from './asking.ts'
import { tenantFacts } from './facts.ts'
import { consumption } from './model/blast/room.ts'
import { breakerState } from './model/breaker.ts'
import { isOpen } from './model/lifecycle.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState, Gates } from './state.ts'

/** How the autopilot of a tenant stands; changes nothing. */
export function tellStatus(state: AutopilotState, command: Command, ctx: StageContext): void {
  const { now } = state
  carry(state, command, ({ say }) => say(null, 'as it stands', statusOf(state)), 'autopilot.status', ctx)
  state.now = now
}

function statusOf(state: AutopilotState) {
  const settings = settingsOf(state)
  const open = Object.values(state.actions).filter(action => isOpen(action.state))
  return {
    engaged: state.isEngaged,
    auto_approve: settings.auto_approve,
    enforcement_enabled: settings.enforcement_enabled,
    settings_version: state.settings.version,
    gates: Object.fromEntries(
      PLATFORMS.filter(platform => state.gates[platform] !== undefined).map(platform => [
        platform,
        {
          ...gatesOf(state.gates[platform]!, state.now),
          breaker: breakerState(state.breakers[platform], state.now),
        },
      ]),
    ),
    blast_radius: consumption(
      state.ledger,
      settings.blast_radius,
      tenantFacts(state.accounts, state.now),
      state.now,
    ),
    queued: open.filter(({ state: of }) => of === 'QUEUED').length,
    approved: open.filter(({ state: of }) => of === 'APPROVED').length,
    actions: open.map(shown),
  }
}

function gatesOf({ inputs, settings }: Gates, now: number) {
  const policy = policyFor(settings.version, settings.text)
  const of = (scope: 'all' | 'delivery', risk: 'risk_increasing' | 'protective') => {
    const { final, valid_until } = decideAgain(inputs[scope][risk], policy)
    return now < valid_until ? final : `${final} (out of date)`
  }
  return {
    risk_increasing: of('all', 'risk_increasing'),
    protective: of('all', 'protective'),
    risk_increasing_delivery: of('delivery', 'risk_increasing'),
    protective_delivery: of('delivery', 'protective'),
  }
}
