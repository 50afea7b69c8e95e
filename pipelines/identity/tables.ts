import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'
import { IDENTITY_TOPIC, identityEventKind } from './kinds.ts'
import { personLinkKind } from './person-link.ts'

const at: ColumnSpec = {
  name: 'event_time',
  type: "DateTime64(6, 'UTC')",
  comment: 'Of the fact or command that did it',
}

export const identityEventsTable: TableSpec = {
  name: 'identity_events',
  comment:
    'One row is what became of one edge between a person and an identifier, and whom it joined or parted',
  version: 1,
  from: { topic: IDENTITY_TOPIC, kind: identityEventKind.name },
  time: 'event_time',
  orderBy: ['tenant_id', 'event_time', 'person_key'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    at,
    { name: 'kind', type: 'LowCardinality(String)', comment: 'link, merge, refuse, unlink or unmerge' },
    { name: 'person_key', type: 'String', comment: "Of a CRM's contact contact:SOURCE:ID" },
    { name: 'other_person_key', type: 'Nullable(String)', comment: 'Who else holds the identifier' },
    { name: 'resolved_key', type: 'String', comment: 'Who the person is taken for from then on' },
    {
      name: 'key_kind',
      type: 'LowCardinality(String)',
      comment: 'external_id, click_id, email or phone',
    },
    { name: 'key_hash', type: 'String', comment: "Stands for the identifier; the tenant's own" },
    { name: 'source', type: 'LowCardinality(String)', comment: 'Connector' },
    {
      name: 'evidence',
      type: 'String',
      comment: 'Id of the fact in which they were first seen together',
    },
    {
      name: 'reason',
      type: 'LowCardinality(Nullable(String))',
      comment: 'Of what is out: conflict, quarantine, block, cut or gone',
    },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}

const links: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  at,
  { name: 'person_key', type: 'String', comment: "Of a CRM's contact contact:SOURCE:ID" },
  { name: 'resolved_key', type: 'String', comment: 'Itself, where what had joined it was undone' },
  { name: 'revision', type: 'Int64', comment: 'Grows with every change of the person' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const personLinksTable: TableSpec = {
  name: 'person_links',
  comment: 'One row is whom one person was taken for from then on; who was never joined has none',
  version: 1,
  from: { topic: IDENTITY_TOPIC, kind: personLinkKind.name },
  time: 'event_time',
  orderBy: ['tenant_id', 'person_key', 'revision'],
  columns: links,
  views: [currentView('person_links', links, ['tenant_id', 'person_key'])],
}
