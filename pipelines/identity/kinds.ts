import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { ChangeKind } from './model/changes.ts'
import type { KeyKind, Out } from './model/graph.ts'

/** Short name of the topic. */
export const IDENTITY_TOPIC = 'identity'

/** What became of an edge between a person and an identifier, and with it of people. */
export interface IdentityEvent extends BaseRecord {
  readonly kind: ChangeKind
  /** The person of the edge; of a CRM's contact `contact:SOURCE:ID`. */
  readonly person_key: string
  /** Who else holds the identifier. */
  readonly other_person_key: string | null
  /** Who the person is taken for from now on. */
  readonly resolved_key: string
  readonly key_kind: KeyKind
  readonly key_hash: string
  /** Connector that the edge comes from. */
  readonly source: string
  /** Id of the fact in which the person was first seen with the identifier. */
  readonly evidence: string
  readonly reason: Out | 'gone' | null
}

export const identityEventKind = defineKind<IdentityEvent>('identity_event', [
  field('kind', 'string', 'link, merge, refuse, unlink or unmerge'),
  field('person_key', 'string', "The person of the edge; of a CRM's contact contact:SOURCE:ID"),
  field('other_person_key', nullable('string'), 'Who else holds the identifier'),
  field('resolved_key', 'string', 'Who the person is taken for from now on'),
  field('key_kind', 'string', 'external_id, click_id, email or phone'),
  field('key_hash', 'string', "Stands for the identifier; the tenant's own"),
  field('source', 'string', 'Connector that the edge comes from'),
  field('evidence', 'string', 'Id of the fact in which they were first seen together'),
  field('reason', nullable('string'), 'conflict, quarantine, block, cut or gone'),
])
