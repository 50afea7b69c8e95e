import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** A tenant's settings of one subject, as they are in force from this record on. */
export interface SettingsInForce extends BaseRecord {
  readonly subject: string
  readonly version: number
  /** JSON: what the tenant set; what is left out has its default. */
  readonly settings: string
  readonly actor: string
  readonly reason: string | null
  readonly command_id: string
}

export const settingsKind = defineKind<SettingsInForce>('settings', [
  field('subject', 'string', 'trust'),
  field('version', 'long', 'Counted up with every change'),
  field('settings', 'string', 'JSON: what the tenant set; what is left out has its default'),
  field('actor', 'string'),
  field('reason', nullable('string')),
  field('command_id', 'string'),
])

/** Handed on inside the tenant task; written nowhere. */
export interface SettingsChanged extends BaseRecord {
  readonly subject: string
  readonly version: number
  /** JSON; what is left out has its default. */
  readonly text: string
  readonly actor: string
  readonly role: string
  readonly reason: string | null
}
export const settingsChangedKind = defineKind<SettingsChanged>('settings_changed', [])
