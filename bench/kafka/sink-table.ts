import type { TableSpec } from '../../engine/sink/table.ts'
import { benchEvent } from './records.ts'

/** Where the events of the bench go: a column for each of their fields, and where in the log the row came from. */
export const benchTable: TableSpec = {
  name: 'bench_events',
  comment: 'One row is one event of the speed bench',
  version: 1,
  from: { topic: 'events', kind: benchEvent.name },
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'event_id', type: 'String' },
    { name: 'event_time', type: "DateTime64(6, 'UTC')" },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
    { name: 'source', type: 'LowCardinality(String)' },
    { name: 'event_name', type: 'LowCardinality(String)' },
    { name: 'campaign_id', type: 'LowCardinality(String)' },
    { name: 'person_key', type: 'String' },
    { name: 'session_key', type: 'String' },
    { name: 'url', type: 'String' },
    { name: 'cost_micros', type: 'Int64' },
    { name: 'currency', type: 'LowCardinality(String)' },
  ],
  orderBy: ['tenant_id', 'campaign_id', 'event_time'],
  time: 'event_time',
}
