import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { Platform } from '../signals/platform.ts'

/** Whether a platform of the tenant can be used; handed on inside the tenant task, written nowhere. */
export interface PlatformConnectionSet extends BaseRecord {
  readonly platform: Platform
  /** CONNECTED, EXPIRED, PAUSED, DISCONNECTED. */
  readonly connection: string
}
export const platformConnectionSetKind = defineKind<PlatformConnectionSet>('platform_connection_set', [])
