import type { Acting, ActionOutcome } from './acting.ts'
import type { Trial } from './conformance/trial.ts'
import type { SourceContext } from './context.ts'
import type { Delivery, Received } from './delivery.ts'

export type { ActionOutcome } from './acting.ts'

/**
 * What the engine runs as a source. Plugin authors never write this: `connector()` of plugins/ makes it from
 * their declaration. The engine knows no platform: it sees streams of records that match a JSON Schema.
 */
export interface Source {
  readonly id: string
  readonly title: string
  readonly version: string
  /** Where it was declared, shown by `stratum connectors`. */
  readonly origin: string
  /** URL of a module that exports it by default: with it, each connection is read in a thread of its own. */
  readonly module?: string
  /** JSON Schema of the configuration; properties with `secret: true` never reach a log line. */
  readonly spec: JsonSchema
  check(context: SourceContext): Promise<void>
  discover(context: SourceContext): Promise<readonly StreamSpec[]>
  /**
   * Records of one stream from a state on, in a repeatable order. A state travels with the records that come
   * before it: when both are committed, reading goes on from there.
   */
  read(stream: string, context: ReadContext): AsyncIterable<SourceBatch>
  /** Streams that can be known without a connection: what the engine prepares topics and schemas for. */
  readonly streams: readonly StreamSpec[]
  /** Accounts of the platform that a configuration is about: no two syncs read one at once. */
  accounts(config: SourceConfig): readonly string[]
  /** The platform by the name records have for it; left out: it is none that can be changed. */
  readonly platform?: string
  /** What it can change on the platform. */
  readonly actions: readonly ActionSpec[]
  /**
   * Makes a change, or finds it made. In a run of the program only a permit gets here: see engine/execute.
   * @throws the connector's error; DriftError; RangeError: no such action
   */
  act(action: string, params: unknown, context: SourceContext, acting?: Acting): Promise<ActionOutcome>
  /**
   * What a delivery of the platform says; null: it sends none.
   * @throws the connector's error: auth where it is not signed by who knows the secret
   */
  readonly receive: ((delivery: Delivery, context: SourceContext) => Received) | null
  /** What stands in for the platform where its conformance is tested; null: nothing does. */
  readonly trial: (() => Promise<Trial>) | null
}

export interface ActionSpec {
  readonly name: string
  readonly title: string
  /** JSON Schema of what is asked. */
  readonly params: JsonSchema
  /** It heeds `Acting`: one made with an older copy of the contract would write without asking. */
  readonly isGuarded?: boolean
}

export interface StreamSpec {
  readonly name: string
  readonly title: string
  /** How `normalise` understands the records (`event`, `ad_report`); null for a stream it leaves alone. */
  readonly kind: string | null
  readonly schema: JsonSchema
  readonly primaryKey: readonly string[]
  readonly cursorField: string | null
}

export type SourceConfig = Readonly<Record<string, unknown>>

export interface ReadContext extends SourceContext {
  /** What the last committed batch carried; null at the first read. Opaque JSON of the author's. */
  readonly state: unknown
}

export interface SourceBatch {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly state: unknown
  /** Rows that cannot become records: they go to the dead letters, the rest goes on. */
  readonly rejected?: readonly RejectedRow[]
}

export interface RejectedRow {
  /** One line: what is wrong, and where in the row. */
  readonly reason: string
  /** Where the row is from, as a person would look for it: `spend.csv line 7`. */
  readonly origin: string
  /** The row as it was read, as far as it could be. */
  readonly bytes: Buffer | null
}

/** The part of JSON Schema that stream schemas use; records become Avro by it (`engine/codec/from-json-schema`). */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: boolean | JsonSchema
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly oneOf?: readonly JsonSchema[]
  readonly examples?: readonly unknown[]
  /** Configuration: never shown, never logged. */
  readonly secret?: boolean
  /**
   * Stream records: a person's identifier. The harness replaces it by a pseudonym (`source/raw`) before anything is
   * stored: true for one of the source, `email` or `phone` for one that the tenant's other sources have too.
   */
  readonly pseudonymise?: boolean | 'email' | 'phone'
}
