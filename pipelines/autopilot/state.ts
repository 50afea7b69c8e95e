import { type Head, noEntries } from '../audit/model/chain.ts'
import type { Platform } from '../signals/platform.ts'
import type { RiskClass } from '../trust/model/actions.ts'
import type { DecisionInputs as GateInputs } from '../trust/model/gate/decision.ts'
import type { Scope } from '../trust/model/gate/evidence.ts'
import { type Accounts, noAccounts } from './model/accounts.ts'
import type { Action } from './model/action.ts'
import { emptyLedger, type Ledger } from './model/blast/ledger.ts'
import type { Breaker } from './model/breaker.ts'
import type { InForce } from './model/decide.ts'

/** The gates of a platform as they were evaluated last, and by which settings. */
export interface Gates {
  readonly settings: InForce
  readonly inputs: Readonly<Record<Scope, Readonly<Record<RiskClass, GateInputs>>>>
}

/** Everything the autopilot knows of a tenant. Plain JSON; times are UTC microseconds. */
export interface AutopilotState {
  /** The latest moment that a record told of. */
  now: number
  settings: InForce
  isEngaged: boolean
  gates: Partial<Record<Platform, Gates>>
  breakers: Partial<Record<Platform, Breaker>>
  accounts: Accounts
  ledger: Ledger
  /** Open ones, and those that ended not long ago. */
  actions: Record<string, Action>
  /** `rule|entity`: until when the rule leaves it alone. */
  cooldowns: Record<string, number>
  /** `rule|entity`: what was decided last, and when. */
  said: Record<string, { readonly what: string; readonly at: number }>
  /** Confirmation tokens that were used, with their end. */
  tokens: Record<string, number>
  audit: Head
}

/** Time goes on, never back. UTC microseconds. */
export function pass(state: Pick<AutopilotState, 'now'>, now: number): void {
  state.now = Math.max(state.now, now)
}

export const noAutopilot = (): AutopilotState => ({
  now: 0,
  settings: { version: 0, text: '{}' },
  isEngaged: false,
  gates: {},
  breakers: {},
  accounts: noAccounts(),
  ledger: emptyLedger(),
  actions: {},
  cooldowns: {},
  said: {},
  tokens: {},
  audit: noEntries(),
})
