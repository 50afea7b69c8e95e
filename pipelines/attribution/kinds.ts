import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** What one journey brings, or, where it is `gone`, takes back: the same again. */
export interface Credit extends BaseRecord {
  readonly journey_id: string
  /** The way it came: partition of people, then of journeys. Only what came the same way has a fixed order. */
  readonly part: string
  /** The day it counts on. */
  readonly date: string
  readonly conversions: number
  readonly value_micros: number | null
  readonly currency: string | null
  /** Whole days from the first touch to the conversion; 0 where there is none. */
  readonly lag_days: number
  /** What was touched, in order, by dimension. */
  readonly paths: Readonly<Record<string, readonly string[]>>
  /** By the additive models, of conversions alone: three lists side by side. `counts` as in `model/tally.ts`. */
  readonly dimensions: readonly string[]
  readonly keys: readonly string[]
  readonly counts: readonly (readonly number[])[]
  readonly gone: boolean
}

const listOf = (items: AvroSchema | string) => ({ type: 'array', items }) as AvroSchema

export const creditKind = defineKind<Credit>('credit', [
  field('journey_id', 'string'),
  field('part', 'string', 'Partition of people, then of journeys'),
  field('date', 'string'),
  field('conversions', 'long'),
  field('value_micros', nullable('long')),
  field('currency', nullable('string')),
  field('lag_days', 'long'),
  field('paths', { type: 'map', values: listOf('string') } as AvroSchema, 'By dimension'),
  field('dimensions', listOf('string')),
  field('keys', listOf('string')),
  field(
    'counts',
    listOf(listOf('long')),
    'Paths, first, last, assisted, unvalued; units and micros by model',
  ),
  field('gone', 'boolean', 'Takes back what was brought'),
])

/** What a model credits one key with on one day, as it is known. */
export interface Attributed extends BaseRecord {
  readonly date: string
  readonly model: string
  readonly dimension: string
  readonly key: string
  /** UNITS to a conversion: they add up exactly. */
  readonly conversion_units: number
  readonly revenue_micros: number | null
  readonly currency: string | null
  /** Converting paths that touch it; of those, whose value is not known. */
  readonly paths: number
  readonly unvalued_paths: number
  readonly first_touch_count: number
  readonly last_touch_count: number
  readonly assisted_count: number
  readonly revision: number
}

/** By an additive model, of the journeys that came one way. The day is the sum of the latest of all parts. */
export interface Attribution extends Attributed {
  readonly part: string
}

const attributed = [
  field('date', 'string'),
  field('model', 'string'),
  field('dimension', 'string'),
  field('key', 'string'),
  field('conversion_units', 'long', '1,000,000,000 to a conversion'),
  field('revenue_micros', nullable('long')),
  field('currency', nullable('string')),
  field('paths', 'long'),
  field('unvalued_paths', 'long'),
  field('first_touch_count', 'long'),
  field('last_touch_count', 'long'),
  field('assisted_count', 'long'),
  field('revision', 'long'),
]

export const attributionKind = defineKind<Attribution>('attribution', [
  ...attributed,
  field('part', 'string', 'Partition of people, then of journeys'),
])

/** By a model that is fitted: each fit says all there is of a day. */
export const attributionFittedKind = defineKind<Attributed>('attribution_fitted', attributed)

/** One fit of a model that is not additive, to the paths of a tenant in a window. */
export interface AttributionModel extends BaseRecord {
  readonly model: string
  readonly dimension: string
  readonly order: number | null
  readonly window_from: string
  readonly window_to: string
  readonly version: string
  readonly states: number | null
  readonly journeys: number
  readonly conversions: number
  readonly nulls: number
  readonly revenue_micros: number | null
  readonly currency: string | null
  readonly removal_effects: Readonly<Record<string, number>>
  readonly removal_effects_value: Readonly<Record<string, number>>
  readonly credits: Readonly<Record<string, number>>
  /** Why there is no fit. */
  readonly reason: string | null
  readonly revision: number
}

const mapOfDoubles = { type: 'map', values: 'double' } as AvroSchema

export const attributionModelKind = defineKind<AttributionModel>('attribution_model', [
  field('model', 'string'),
  field('dimension', 'string'),
  field('order', nullable('long')),
  field('window_from', 'string'),
  field('window_to', 'string'),
  field('version', 'string', 'Of what it was fitted to, and how'),
  field('states', nullable('long')),
  field('journeys', 'long'),
  field('conversions', 'long'),
  field('nulls', 'long'),
  field('revenue_micros', nullable('long')),
  field('currency', nullable('string')),
  field('removal_effects', mapOfDoubles),
  field('removal_effects_value', mapOfDoubles),
  field('credits', mapOfDoubles, 'Conversions of the window, by key'),
  field('reason', nullable('string'), 'Why there is no fit'),
  field('revision', 'long'),
])
