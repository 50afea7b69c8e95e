import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** Topics, by their short names. */
export const AUDIT_TOPIC = 'audit'
export const CHECKPOINTS_TOPIC = 'audit-checkpoints'

/** An entry of a tenant's audit log as it is kept. `event_time` is its `at`. */
export interface AuditEntry extends BaseRecord {
  readonly v: number
  readonly seq: number
  readonly at: string
  readonly kind: string
  readonly body: string
  readonly prev: string
  readonly hash: string
  readonly private: string | null
}

export const auditEntryKind = defineKind<AuditEntry>('audit_entry', [
  field('v', 'int', 'Of what the hash is made of: 1'),
  field('seq', 'long', 'From 0, without a gap, by tenant'),
  field('at', 'string', 'ISO 8601 in UTC with six digits'),
  field('kind', 'string', 'DECISION, ACTION_APPROVED …'),
  field('body', 'string', 'Canonical JSON (RFC 8785)'),
  field('prev', 'string', 'Hash of the entry before'),
  field('hash', 'string', 'SHA-256 in hex over v, tenant, seq, at, kind, body and prev'),
  field(
    'private',
    nullable('string'),
    'JSON: salts and values of the commitments in the body; not hashed, may be erased',
  ),
])

/** A signed statement of where a tenant's chain has come to. `event_time` is its `at`. */
export interface AuditCheckpoint extends BaseRecord {
  readonly v: number
  readonly seq: number
  readonly head: string
  readonly at: string
  readonly key_id: string
  readonly prev_checkpoint: string | null
  readonly signature: string
  readonly public_key: string
  readonly announced_by: string | null
  readonly announcement: string | null
}

export const auditCheckpointKind = defineKind<AuditCheckpoint>('audit_checkpoint', [
  field('v', 'int', 'Of what is signed: 1'),
  field('seq', 'long', 'Of the last entry'),
  field('head', 'string', 'Hash of that entry'),
  field('at', 'string', 'ISO 8601 in UTC with six digits'),
  field('key_id', 'string', 'Of the key that signed'),
  field(
    'prev_checkpoint',
    nullable('string'),
    'SHA-256 in hex of the text of the one before; null: the first',
  ),
  field('signature', 'string', 'Ed25519, base64url'),
  field('public_key', 'string', 'The 32 bytes of the key that signed, in base64'),
  field('announced_by', nullable('string'), 'The key before, at the first checkpoint under a new one'),
  field('announcement', nullable('string'), 'Its signature that the new key is ours, base64url'),
])
