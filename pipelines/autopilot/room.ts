import { factsOf, tenantFacts } from './facts.ts'
import { type Action, asChange } from './model/action.ts'
import { reserve } from './model/blast/ledger.ts'
import { needOf, type Room, room } from './model/blast/room.ts'
import type { Change } from './model/change.ts'
import type { Facts } from './model/enforcement/facts.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

/** What a change would take of the tenant's blast radius, and what there is of it. */
export const roomFor = (state: AutopilotState, change: Change, facts: Facts, now: number): Room =>
  room(
    state.ledger,
    settingsOf(state).blast_radius,
    tenantFacts(state.accounts, now),
    needOf(change, facts),
    now,
  )

/** Reserves what an approved action may change. */
export function reserveFor(state: AutopilotState, action: Action): void {
  const settings = settingsOf(state)
  const facts = factsOf(state.accounts, action.view!, state.now, {
    frequency_window_days: settings.frequency_window_days,
    has_daily_limit: false,
  })
  const { window_hours } = settings.blast_radius
  reserve(state.ledger, action.id, needOf(asChange(action.change), facts), window_hours, state.now)
}
