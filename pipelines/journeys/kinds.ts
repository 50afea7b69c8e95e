import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Touched } from './model/touches.ts'

/** A session in the journey of the person it belongs to now. */
export interface TouchRow extends BaseRecord, Touched {
  /** Who the person was found to be; `from_person`, as events have it, as long as nothing else is known. */
  readonly person_key: string
  readonly from_person: string
  readonly ended_at: number
  readonly open: boolean
  /** Grows with every touch that is written of `from_person`. */
  readonly revision: number
  /** It belongs to this person no more. */
  readonly gone: boolean
}

export const touchKind = defineKind<TouchRow>('touch', [
  field('person_key', 'string', 'Who the person was found to be'),
  field('from_person', 'string', 'As events have it'),
  field('session_key', 'string'),
  field('connector', 'string'),
  field('part', 'int', 'Partition of people that it comes from'),
  field('date', 'string'),
  field('started_at', 'long'),
  field('ended_at', 'long'),
  field('source', nullable('string')),
  field('medium', nullable('string')),
  field('campaign', nullable('string')),
  field('channel', 'string'),
  field('platform', nullable('string')),
  field('campaign_id', nullable('string')),
  field('ad_id', nullable('string')),
  field('purchases', 'long'),
  field('value_micros', nullable('long')),
  field('currency', nullable('string')),
  field('converted_at', nullable('long')),
  field('open', 'boolean'),
  field('revision', 'long'),
  field('gone', 'boolean', 'It belongs to this person no more'),
])

/** One journey as it is known; `gone`: there is none any more that begins with this session. */
export interface JourneyRow extends BaseRecord {
  readonly person_key: string
  readonly journey_id: string
  readonly date: string
  readonly started_at: number
  readonly closed_at: number | null
  readonly converted: boolean
  readonly converted_at: number | null
  readonly conversions: number
  readonly value_micros: number | null
  readonly currency: string | null
  readonly lag_days: number | null
  readonly path: readonly string[]
  readonly times: readonly number[]
  readonly channels: readonly string[]
  readonly source_mediums: readonly string[]
  readonly platforms: readonly string[]
  readonly campaigns: readonly string[]
  readonly ads: readonly string[]
  readonly revision: number
  readonly gone: boolean
}

const listOf = (items: string) => ({ type: 'array', items }) as AvroSchema

export const journeyKind = defineKind<JourneyRow>('journey', [
  field('person_key', 'string'),
  field('journey_id', 'string'),
  field('date', 'string', 'YYYY-MM-DD: the day it counts on'),
  field('started_at', 'long'),
  field('closed_at', nullable('long'), 'In the future: until then it can go on. Null: nothing ends it'),
  field('converted', 'boolean'),
  field('converted_at', nullable('long')),
  field('conversions', 'long'),
  field('value_micros', nullable('long')),
  field('currency', nullable('string')),
  field('lag_days', nullable('double'), 'From the first touch to the session that converts'),
  field('path', listOf('string'), 'By what the settings say'),
  field('times', listOf('long')),
  field('channels', listOf('string')),
  field('source_mediums', listOf('string')),
  field('platforms', listOf('string')),
  field('campaigns', listOf('string')),
  field('ads', listOf('string')),
  field('revision', 'long', 'Grows with every journey that is written of the person'),
  field('gone', 'boolean', 'There is no such journey any more'),
])
