import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Phase } from './model/lifecycle.ts'

/** By tenant: experiments, and what each partition of people counted of them. */
export const EXPERIMENT_PARTS = 'experiment-parts'
export const EXPERIMENTS = 'experiments'

/** An experiment as it stands from this record on. */
export interface Experiment extends BaseRecord {
  readonly experiment_id: string
  readonly state: string
  /** JSON (`model/definition.ts`). */
  readonly definition: string
  readonly phases: readonly Phase[]
  /** When it was completed or stopped, UTC microseconds; null: it was not. */
  readonly ended_at: number | null
  readonly actor: string
  readonly reason: string | null
  readonly revision: number
}

const phase = {
  type: 'record',
  name: 'experiment_phase',
  fields: [
    { name: 'from', type: 'long' },
    { name: 'to', type: ['null', 'long'] },
  ],
} as unknown as AvroSchema

export const experimentKind = defineKind<Experiment>('experiment', [
  field('experiment_id', 'string'),
  field('state', 'string', 'DRAFT, RUNNING, PAUSED, COMPLETED, STOPPED'),
  field('definition', 'string', 'JSON'),
  field('phases', { type: 'array', items: phase } as AvroSchema, 'When people were taken in'),
  field('ended_at', nullable('long')),
  field('actor', 'string'),
  field('reason', nullable('string')),
  field('revision', 'long'),
])

/** Somebody was seen in an arm, or converted, while an experiment ran. */
export interface ExperimentSeen extends BaseRecord {
  readonly experiment_id: string
  readonly person_key: string
  /** Null: the event says nothing of an arm, or nobody is taken in. */
  readonly arm: string | null
  readonly converts: boolean
}

export const experimentSeenKind = defineKind<ExperimentSeen>('experiment_seen', [
  field('experiment_id', 'string'),
  field('person_key', 'string'),
  field('arm', nullable('string')),
  field('converts', 'boolean'),
])

/** What one partition of people counted of an experiment: people of a partition are in no other. */
export interface ExperimentPart extends BaseRecord {
  readonly experiment_id: string
  readonly part: number
  readonly arms: readonly string[]
  readonly users: readonly number[]
  readonly conversions: readonly number[]
}

const listOf = (items: string) => ({ type: 'array', items }) as AvroSchema

export const experimentPartKind = defineKind<ExperimentPart>('experiment_part', [
  field('experiment_id', 'string'),
  field('part', 'int'),
  field('arms', listOf('string')),
  field('users', listOf('long')),
  field('conversions', listOf('long')),
])

/** An arm of an experiment at one evaluation. */
export interface ExperimentResultRow extends BaseRecord {
  readonly experiment_id: string
  readonly arm: string
  readonly control: boolean
  readonly as_of: number
  readonly state: string
  readonly users: number
  readonly conversions: number
  readonly rate: number | null
  readonly difference: number | null
  readonly p_value: number | null
  readonly p_holm: number | null
  readonly ci_lower: number | null
  readonly ci_upper: number | null
  readonly sequential_lower: number | null
  readonly sequential_upper: number | null
  readonly effect_size_h: number | null
  readonly power: number | null
  readonly srm_p: number
  readonly required_users: number | null
  readonly peeking_safe: boolean
  readonly winner: boolean | null
  readonly flags: readonly string[]
  readonly reason: string | null
  readonly revision: number
}

export const experimentResultKind = defineKind<ExperimentResultRow>('experiment_result', [
  field('experiment_id', 'string'),
  field('arm', 'string'),
  field('control', 'boolean'),
  field('as_of', 'long'),
  field('state', 'string'),
  field('users', 'long'),
  field('conversions', 'long'),
  field('rate', nullable('double')),
  field('difference', nullable('double'), "Rate less the control's"),
  field('p_value', nullable('double'), 'Pooled z, two-sided; of one look'),
  field('p_holm', nullable('double')),
  field('ci_lower', nullable('double'), "Newcombe's interval of the difference"),
  field('ci_upper', nullable('double')),
  field('sequential_lower', nullable('double'), 'Holds however often somebody looks'),
  field('sequential_upper', nullable('double')),
  field('effect_size_h', nullable('double')),
  field('power', nullable('double')),
  field('srm_p', 'double', 'That people were split as was meant'),
  field('required_users', nullable('long'), 'In each arm'),
  field('peeking_safe', 'boolean', 'Nothing here is only valid at one look'),
  field('winner', nullable('boolean')),
  field('flags', listOf('string'), 'INVALID_SRM, UNDERPOWERED'),
  field('reason', nullable('string'), 'Why there is no p'),
  field('revision', 'long'),
])
