import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'

/** A tenant's targets, as they are in force from here on; handed on inside the tenant task, written nowhere. */
export interface TargetsSet extends BaseRecord {
  readonly version: number
  /** JSON. */
  readonly text: string
  readonly actor: string
}
export const targetsSetKind = defineKind<TargetsSet>('targets_set', [])
