import { type BaseRecord, defineKind, field, nullable } from '../../../engine/codec/kind.ts'
import type { TableSpec } from '../../../engine/sink/table.ts'

/** A table for `thread.test.ts`: what a thread loads must be in a module. */
export interface Thing extends BaseRecord {
  readonly text: string | null
  readonly day: string
}

export const thingKind = defineKind<Thing>('thing', [
  field('text', nullable('string')),
  field('day', 'string'),
])

export const things: TableSpec = {
  name: 'things',
  comment: 'Things',
  version: 1,
  from: { topic: 'things', kind: 'thing' },
  time: 'day',
  orderBy: ['tenant_id'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'event_id', type: 'String', value: r => `<${String(r.event_id)}>` },
    { name: 'text', type: 'Nullable(String)' },
    { name: 'day', type: 'Date' },
  ],
}

export const tables = [things]
