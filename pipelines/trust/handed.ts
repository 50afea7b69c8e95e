import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { Platform } from '../signals/platform.ts'
import type { RiskClass } from './model/actions.ts'
import type { Trust } from './model/evaluate.ts'
import type { GateDecision } from './model/gate/decision.ts'
import type { Scope } from './model/gate/evidence.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** A tenant's settings of the trust engine have changed; to each platform. */
export interface TrustSettingsSet extends BaseRecord {
  readonly platform: Platform
  readonly version: number
  /** As JSON, without what has its default. */
  readonly text: string
}
export const trustSettingsSetKind = defineKind<TrustSettingsSet>('trust_settings_set', [])

/** The components of a platform, evaluated. `event_time` is when, and the settings are those in force then. */
export interface PlatformTrust extends BaseRecord {
  readonly platform: Platform
  readonly trust: Trust
  readonly settings: { readonly version: number; readonly text: string }
  /** Zone of the account. */
  readonly zone: string
}
export const platformTrustKind = defineKind<PlatformTrust>('platform_trust', [])

/** The gate of a platform, for what comes after it. */
export interface PlatformGate extends BaseRecord {
  readonly platform: Platform
  /** That it was decided by: version, and what the tenant set as JSON. */
  readonly settings: { readonly version: number; readonly text: string }
  readonly decisions: Readonly<Record<Scope, Readonly<Record<RiskClass, GateDecision>>>>
}
export const platformGateKind = defineKind<PlatformGate>('platform_gate', [])
