import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { Command } from '../../engine/command/command.ts'
import type { SubjectView } from '../rules/model/subject.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** A person asks for a change of an entity; the view is null where nothing is known of it. */
export interface ChangeAsked extends BaseRecord {
  readonly command: Command
  readonly entity: string
  readonly view: SubjectView | null
}
export const changeAskedKind = defineKind<ChangeAsked>('change_asked', [])
