import type {
  JsonSchema,
  ReadContext,
  RejectedRow,
  Source,
  SourceBatch,
  StreamSpec,
} from '../engine/source/port.ts'
import type { FromSchema } from './schema.ts'

export type { RejectedRow } from '../engine/source/port.ts'

/** The version of this contract. It grows by new optional fields; a plugin of version 1 keeps working. */
export const CONTRACT_VERSION = 1

/**
 * A connector: one declaration, exported by default from its folder.
 *
 * The author declares and reads; the harness validates the configuration, retries, stores, commits and resumes.
 * `C` follows from `config`, so the editor knows every setting.
 */
export interface ConnectorDefinition<S extends JsonSchema> {
  /** Lower case, stable for ever: it names the raw topic and the `source` column. */
  readonly id: string
  readonly title: string
  readonly version: string
  /** JSON Schema of the configuration: `object({ path: string({ title: 'Folder' }) })`. */
  readonly config: S
  /** Can it connect, and may it read what it needs? Returns when yes, throws a ConnectorError when not. */
  check(context: CheckContext<FromSchema<S>>): Promise<void>
  readonly streams: Readonly<Record<string, StreamDefinition<FromSchema<S>>>>
  /** Narrows or extends `streams` by what the account has. Left out: all of `streams`. */
  discover?(context: CheckContext<FromSchema<S>>): Promise<readonly string[]>
}

export interface CheckContext<C> {
  readonly config: C
  readonly signal: AbortSignal
}

export interface StreamDefinition<C, R = Readonly<Record<string, unknown>>, T = unknown> {
  readonly title: string
  /** What the records are, so that `normalise` understands them: see plugins/records. null: kept raw only. */
  readonly kind: 'event' | 'ad_report' | null
  readonly schema: JsonSchema
  readonly primaryKey: readonly string[]
  readonly cursorField: string | null
  /**
   * Records from a state on, as batches. Called once per run; `state` is what the last committed batch carried.
   * The same state must give the same records in the same order. No offsets, no retries, no logging here: throw
   * the right error and the harness acts. Stop soon after `signal` aborts.
   */
  read(context: StreamContext<C, T>): AsyncIterable<ReadBatch<R, T>>
}

export interface StreamContext<C, T> extends Omit<ReadContext, 'config' | 'state'> {
  readonly config: C
  readonly state: T | null
}

export interface ReadBatch<R, T> {
  readonly records: readonly R[]
  /** Opaque JSON. It commits with the records of this batch and of all before it. */
  readonly state: T
  /** Rows that cannot become records, with reason, origin and bytes. */
  readonly rejected?: readonly RejectedRow[]
}

/** Declares a stream; exists so that the record and state types are inferred and checked. */
export function stream<C, R, T>(definition: StreamDefinition<C, R, T>): StreamDefinition<C> {
  return definition as unknown as StreamDefinition<C>
}

/** Declares a connector and gives the engine what it runs. */
export function connector<const S extends JsonSchema>(definition: ConnectorDefinition<S>): Source {
  const specs: StreamSpec[] = Object.entries(definition.streams).map(([name, s]) => ({
    name,
    title: s.title,
    kind: s.kind,
    schema: s.schema,
    primaryKey: s.primaryKey,
    cursorField: s.cursorField,
  }))
  type C = FromSchema<S>
  return {
    id: definition.id,
    title: definition.title,
    version: definition.version,
    origin: `connectors/${definition.id}`,
    spec: definition.config,
    streams: specs,
    check: (config, signal) => definition.check({ config: config as C, signal }),
    async discover(config, signal) {
      if (!definition.discover) return specs
      const names = await definition.discover({ config: config as C, signal })
      return specs.filter(s => names.includes(s.name))
    },
    read(name, context) {
      const found = definition.streams[name]
      if (!found) throw new RangeError(`${definition.id} has no stream ${name}`)
      return found.read(context as StreamContext<C, unknown>) as AsyncIterable<SourceBatch>
    },
  }
}
