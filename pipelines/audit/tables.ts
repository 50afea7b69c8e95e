import type { TableSpec } from '../../engine/sink/table.ts'
import { AUDIT_TOPIC, auditCheckpointKind, auditEntryKind, CHECKPOINTS_TOPIC } from './kinds.ts'

export const auditLogTable: TableSpec = {
  name: 'audit_log',
  comment: 'One row is one entry of a tenant’s audit log; each builds on the one before',
  version: 1,
  from: { topic: AUDIT_TOPIC, kind: auditEntryKind.name },
  time: 'at',
  orderBy: ['tenant_id', 'seq'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'seq', type: 'UInt64', comment: 'From 0, without a gap, by tenant' },
    { name: 'at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
    { name: 'kind', type: 'LowCardinality(String)' },
    { name: 'body', type: 'String', comment: 'Canonical JSON' },
    { name: 'prev', type: 'String', comment: 'Hash of the entry before' },
    { name: 'hash', type: 'String', comment: 'SHA-256 over v, tenant, seq, at, kind, body and prev' },
    {
      name: 'private',
      type: 'Nullable(String)',
      comment: 'JSON: salts and values of commitments; may be erased',
    },
    { name: 'v', type: 'UInt32' },
    { name: 'event_id', type: 'String' },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}

export const auditCheckpointsTable: TableSpec = {
  name: 'audit_checkpoints',
  comment: 'One row is one signed statement of where a tenant’s audit log had come to',
  version: 1,
  from: { topic: CHECKPOINTS_TOPIC, kind: auditCheckpointKind.name },
  time: 'at',
  orderBy: ['tenant_id', 'seq', 'at'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'seq', type: 'UInt64', comment: 'Of the last entry' },
    { name: 'at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
    { name: 'head', type: 'String', comment: 'Hash of that entry' },
    { name: 'key_id', type: 'LowCardinality(String)' },
    { name: 'prev_checkpoint', type: 'Nullable(String)' },
    { name: 'signature', type: 'String', comment: 'Ed25519, base64url' },
    { name: 'public_key', type: 'LowCardinality(String)', comment: 'Of the key that signed, base64' },
    { name: 'announced_by', type: 'Nullable(String)' },
    { name: 'announcement', type: 'Nullable(String)' },
    { name: 'v', type: 'UInt32' },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}

export const auditTables = [auditLogTable, auditCheckpointsTable]
