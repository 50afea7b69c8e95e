import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Platform } from '../signals/platform.ts'

/**
 * The kill switch of a tenant as it is in force (topic `killswitch`, compacted). Two records a tenant: what the fold
 * says, and the last that was engaged directly, which holds until the fold has seen its command: no backlog delays a
 * stop, and only the fold can loosen one.
 */
export interface KillSwitch extends BaseRecord {
  readonly engaged: boolean
  readonly reason: string | null
  readonly actor: string
  /** Since when, UTC microseconds. */
  readonly since: number
  /** Counted up by the fold; 0: engaged directly. */
  readonly revision: number
  /** Of the fold: ids of the last commands it has seen engage; of a direct one: its own command. JSON. */
  readonly commands: string
}

export const killSwitchKind = defineKind<KillSwitch>('kill_switch', [
  field('engaged', 'boolean'),
  field('reason', nullable('string')),
  field('actor', 'string'),
  field('since', 'long', 'UTC microseconds'),
  field('revision', 'long', '0: engaged directly, the fold has not answered yet'),
  field('commands', 'string', 'JSON: ids of the commands that engaged it and that this record has seen'),
])

/** Short name of the topic. */
export const KILL_SWITCH_TOPIC = 'killswitch'

/** Handed on inside the tenant task; written nowhere. */
export interface KillSwitchSet extends BaseRecord {
  readonly engaged: boolean
  readonly reason: string | null
  readonly actor: string
}
export const killSwitchSetKind = defineKind<KillSwitchSet>('kill_switch_set', [])

/** The same, to the gate of each platform. */
export interface PlatformSwitchSet extends BaseRecord {
  readonly platform: Platform
  readonly engaged: boolean
}
export const platformSwitchSetKind = defineKind<PlatformSwitchSet>('platform_switch_set', [])
