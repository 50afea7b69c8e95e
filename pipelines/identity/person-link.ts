import { type BaseRecord, defineKind, field } from '../../engine/codec/kind.ts'

/** Who a person is taken for from this record on: written under the person's own key, so that it meets their sessions. */
export interface PersonLink extends BaseRecord {
  /** As events have it. */
  readonly person_key: string
  /** The person that this one and others were found to be; the same as `person_key` when it stands for itself again. */
  readonly resolved_key: string
  /** Counted up with every change of this person; an older one changes nothing. */
  readonly revision: number
}

export const personLinkKind = defineKind<PersonLink>('person_link', [
  field('person_key', 'string', 'As events have it'),
  field('resolved_key', 'string', 'The person it was found to be; itself, where that was undone'),
  field('revision', 'long', 'Counted up with every change; an older one changes nothing'),
])
