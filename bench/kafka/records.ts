import { type BaseRecord, defineKind, field } from '../../engine/codec/kind.ts'

/** A click on an advertisement: what the systems under test read. Twelve fields, about 300 bytes. */
export interface BenchEvent extends BaseRecord {
  readonly source: string
  readonly event_name: string
  readonly campaign_id: string
  readonly person_key: string
  readonly session_key: string
  readonly url: string
  readonly cost_micros: number
  readonly currency: string
}

export const benchEvent = defineKind<BenchEvent>('bench_event', [
  field('source', 'string'),
  field('event_name', 'string'),
  field('campaign_id', 'string'),
  field('person_key', 'string'),
  field('session_key', 'string'),
  field('url', 'string'),
  field('cost_micros', 'long'),
  field('currency', 'string'),
])

/**
 * The clicks of a campaign in one minute of event time: what they write, again whenever it changed. `event_time` is
 * the window's start, `ingest_time` the latest of its events, `event_id` is `windowId`.
 */
export interface BenchWindow extends BaseRecord {
  readonly campaign_id: string
  readonly events: number
  readonly cost_micros: number
}

export const benchWindow = defineKind<BenchWindow>('bench_window', [
  field('campaign_id', 'string'),
  field('events', 'long'),
  field('cost_micros', 'long'),
])

/** Ids the schemas have in the wire format, as a registry would have given them. */
export const EVENT_SCHEMA_ID = 1
export const WINDOW_SCHEMA_ID = 2

export const WINDOW_US = 60_000_000
/** How much older than the newest an event may be and still count. */
export const GRACE_US = 3_600_000_000
export const PARTITIONS = 8
/** The tenant that sends more than all others begins so. */
export const LOUD = 'loud'

/** Start of the window an event belongs to. UTC microseconds. */
export const windowOf = (time: number): number => time - (time % WINDOW_US)

export const windowId = (tenant: string, campaign: string, start: number): string =>
  `${tenant}:${campaign}:${start}`
