import type { TableSpec } from '../sink/table.ts'

export const deadLettersTable: TableSpec = {
  name: 'dead_letters',
  comment: 'One row is one rejected record; its bytes stay in the log or beside it',
  version: 1,
  from: { topic: 'deadletters', kind: 'dead_letter' },
  time: 'event_time',
  orderBy: ['tenant_id', 'stage', 'event_time'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'event_id', type: 'String' },
    { name: 'event_time', type: "DateTime64(6, 'UTC')" },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
    { name: 'stage', type: 'LowCardinality(String)', comment: 'Connector, stage or table that refused it' },
    { name: 'reason', type: 'String' },
    { name: 'origin', type: 'String' },
    { name: 'topic', type: 'LowCardinality(Nullable(String))', value: r => r.origin_topic },
    { name: 'partition', type: 'Nullable(UInt32)', value: r => r.origin_partition },
    { name: 'offset', type: 'Nullable(UInt64)', value: r => r.origin_offset },
    { name: 'payload_bytes', type: 'UInt64' },
    { name: 'payload_sha256', type: 'Nullable(String)' },
    { name: 'payload_ref', type: 'Nullable(String)' },
  ],
}
