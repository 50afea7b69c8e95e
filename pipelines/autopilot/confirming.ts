import type { Command } from '../../engine/command/command.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import type { Change } from './model/change.ts'
import type { Enforced } from './model/enforcement/enforce.ts'
import { type Confirmed, tokenFor } from './model/enforcement/token.ts'
import type { Violation } from './model/enforcement/violation.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

/** What a person confirms with a token. */
export const confirmedOf = (
  state: AutopilotState,
  tenant: string,
  change: Change,
  view: SubjectView,
  { violations }: Enforced,
): Confirmed => ({
  tenant,
  action: { ...change, entity: entityOf(view.subject) },
  settings_version: state.settings.version,
  violations,
})

/** The token that an answer offers; nothing where none is needed. */
export function tokenOf(
  state: AutopilotState,
  command: Command,
  change: Change,
  view: SubjectView,
  enforcement: Enforced,
  tokenKey: () => string,
) {
  if (!enforcement.requires_confirmation) return {}
  const { token, expires_at } = tokenFor(confirmedOf(state, command.tenant_id, change, view, enforcement), {
    key: tokenKey(),
    nonce: command.event_id,
    now: state.now,
    minutes: settingsOf(state).confirmation_minutes,
  })
  return { confirmation_token: token, confirmation_expires_at: new Date(expires_at / 1000).toISOString() }
}

/** Which limit it was, whatever the figure: a person confirms that, and no other one that comes later. */
export const limitOf = ({ type, subtype, setting }: Violation): string =>
  `${type} ${subtype ?? ''} ${setting}`
