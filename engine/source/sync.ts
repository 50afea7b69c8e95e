import { type BaseRecord, defineKind, field } from '../codec/kind.ts'

/**
 * A run of a connector, as records on its raw partition: one when it starts, one when it has read to its end.
 * `clock` says where ticks come from: the events (`event`: ingest, replay) or the wall clock (`live`).
 */
export interface SyncMark extends BaseRecord {
  readonly connection: string
  readonly source: string
  readonly phase: 'start' | 'end'
  readonly clock: 'event' | 'live'
}

export const syncKind = defineKind<SyncMark>('sync', [
  field('connection', 'string'),
  field('source', 'string'),
  field('phase', { type: 'enum', name: 'sync_phase', symbols: ['start', 'end'] } as never),
  field('clock', { type: 'enum', name: 'sync_clock', symbols: ['event', 'live'] } as never),
])
