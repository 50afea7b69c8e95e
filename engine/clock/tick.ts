import { type BaseRecord, defineKind, field } from '../codec/kind.ts'

/**
 * Time as a record: stages know no other clock. `event_time` is the instant, `watermark` the event time up to
 * which the tenant's data is thought complete: what a stage is given is the latest of all its tenant's ticks. Live
 * runs take ticks from the clock, `ingest` and replays from the events themselves; the last tick of an `ingest` is
 * final: nothing more comes for now.
 */
export interface Tick extends BaseRecord {
  readonly watermark: number
  readonly final: boolean
}

export const tickKind = defineKind<Tick>('tick', [
  field('watermark', 'long', 'UTC microseconds'),
  field('final', 'boolean'),
])
