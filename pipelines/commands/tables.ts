import type { TableSpec } from '../../engine/sink/table.ts'

export const commandResultsTable: TableSpec = {
  name: 'command_results',
  comment: 'One row is one command that somebody gave, and what became of it',
  version: 1,
  from: { topic: 'command-results', kind: 'command_result' },
  time: 'given_at',
  orderBy: ['tenant_id', 'given_at'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'given_at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
    { name: 'command_id', type: 'String' },
    { name: 'command', type: 'LowCardinality(String)' },
    { name: 'actor', type: 'String' },
    { name: 'reason', type: 'Nullable(String)' },
    { name: 'accepted', type: 'Bool' },
    { name: 'code', type: 'LowCardinality(Nullable(String))', comment: 'Why it was refused' },
    { name: 'message', type: 'String' },
    { name: 'body', type: 'String', comment: 'JSON: what is in force now' },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}
