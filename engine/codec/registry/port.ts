import type { AvroSchema } from '../kind.ts'

/** What registering a schema would do. */
export type Verdict = 'same' | 'new-subject' | 'new-version' | { readonly incompatible: string }

/**
 * A schema registry as Confluent's: subjects with versions, ids for schemas, a compatibility rule (ours is
 * BACKWARD_TRANSITIVE: a schema must read what every version there is wrote). Subjects are named as kinds here.
 */
export interface SchemaRegistry {
  /** Id of the schema under the subject; registers it when new. SCHEMA_INCOMPATIBLE names what breaks. */
  register(subject: string, schema: AvroSchema): Promise<number>
  /** What `register` would do, changing nothing. */
  compare(subject: string, schema: AvroSchema): Promise<Verdict>
  /** Whether `byId` has an answer. */
  has(id: number): boolean
  /** A schema that is known here. SCHEMA_UNKNOWN for any other: see `learn`. */
  byId(id: number): AvroSchema
  /** Makes ids known here, as far as there are such schemas. STORE_UNAVAILABLE while that cannot be found out. */
  learn(ids: readonly number[]): Promise<void>
  /** Schemas that have been registered here, for whoever works in a thread of its own. */
  readonly entries: readonly Entry[]
  subjects(): Promise<readonly Subject[]>
  /** What in its settings endangers what is promised of the kinds; one line each. */
  warnings(subjects: readonly string[]): Promise<readonly string[]>
  /** Keeps up with what other processes register, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface Subject {
  readonly subject: string
  readonly versions: readonly Version[]
}

export interface Version {
  readonly version: number
  readonly id: number
  readonly schema: AvroSchema
}

export interface Entry extends Version {
  readonly subject: string
}
