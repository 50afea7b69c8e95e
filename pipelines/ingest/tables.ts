import type { TableSpec } from '../../engine/sink/table.ts'
import type { EventFact } from './facts.ts'

const click = (name: string) => (r: Readonly<Record<string, unknown>>) =>
  (r as unknown as EventFact).click_ids[name] ?? null

export const eventsTable: TableSpec = {
  name: 'events',
  comment: 'One row is one event, counted once',
  version: 1,
  from: { topic: 'facts', kind: 'event' },
  time: 'event_date',
  orderBy: ['tenant_id', 'event_date', 'event_name', 'event_time'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'event_id', type: 'String', comment: 'Deterministic: the deduplication key' },
    { name: 'event_time', type: "DateTime64(6, 'UTC')" },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
    { name: 'event_date', type: 'Date', comment: "Day in the property's zone" },
    { name: 'source', type: 'LowCardinality(String)', comment: 'Connector' },
    { name: 'event_name', type: 'LowCardinality(String)' },
    { name: 'person_key', type: 'Nullable(String)', comment: 'Pseudonym; null without consent' },
    { name: 'user_key', type: 'Nullable(String)' },
    { name: 'session_key', type: 'Nullable(String)' },
    { name: 'session_number', type: 'Nullable(Int64)' },
    { name: 'traffic_source', type: 'LowCardinality(Nullable(String))' },
    { name: 'traffic_medium', type: 'LowCardinality(Nullable(String))' },
    { name: 'campaign', type: 'LowCardinality(Nullable(String))' },
    { name: 'page_location', type: 'Nullable(String)' },
    { name: 'page_referrer', type: 'Nullable(String)' },
    { name: 'page_title', type: 'Nullable(String)' },
    { name: 'device', type: 'LowCardinality(Nullable(String))' },
    { name: 'country', type: 'LowCardinality(Nullable(String))' },
    { name: 'gclid', type: 'Nullable(String)', value: click('gclid') },
    { name: 'gbraid', type: 'Nullable(String)', value: click('gbraid') },
    { name: 'wbraid', type: 'Nullable(String)', value: click('wbraid') },
    { name: 'dclid', type: 'Nullable(String)', value: click('dclid') },
    { name: 'fbclid', type: 'Nullable(String)', value: click('fbclid') },
    { name: 'ttclid', type: 'Nullable(String)', value: click('ttclid') },
    { name: 'sccid', type: 'Nullable(String)', value: click('ScCid') },
    { name: 'transaction_id', type: 'Nullable(String)' },
    { name: 'value_micros', type: 'Nullable(Int64)' },
    { name: 'currency', type: 'LowCardinality(Nullable(String))' },
    { name: 'consent_analytics', type: 'LowCardinality(Nullable(String))' },
    { name: 'consent_ads', type: 'LowCardinality(Nullable(String))' },
    {
      name: 'params',
      type: 'Map(LowCardinality(String), String)',
      comment: 'Every other parameter, as text',
    },
    {
      name: 'quality',
      type: 'Array(LowCardinality(String))',
      comment: 'Doubts: unknown_currency, bad_value',
    },
  ],
}
