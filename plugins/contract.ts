import type { Trial } from '../engine/source/conformance/trial.ts'
import type { SourceContext } from '../engine/source/context.ts'
import type { Delivery, Received } from '../engine/source/delivery.ts'
import type { JsonSchema, RejectedRow, Source, SourceBatch, StreamSpec } from '../engine/source/port.ts'
import type { BoundAction } from './actions/action.ts'
import { WriteGuard } from './actions/guard.ts'
import type { Position } from './http/paging/paging.ts'
import type { FromSchema } from './schema.ts'
import type { Cursor } from './sync/cursor.ts'
import { drive, type PageOfRecords } from './sync/drive.ts'

export type { Platform, Trial } from '../engine/source/conformance/trial.ts'
export type { Delivery, Received } from '../engine/source/delivery.ts'
export type { RejectedRow } from '../engine/source/port.ts'

/** The version of this contract. It grows by new optional fields; a plugin of version 1 keeps working. */
export const CONTRACT_VERSION = 1

/**
 * A connector: one declaration, exported by default from its folder.
 *
 * The author declares and reads; the harness validates the configuration, retries, stores, commits and resumes.
 * The types of `config` and `client` follow from the declaration, so the editor knows every setting.
 */
export interface ConnectorDefinition<S extends JsonSchema, Client> {
  /** Lower case, stable for ever: it names the raw topic and the `source` column. */
  readonly id: string
  readonly title: string
  readonly version: string
  /** JSON Schema of the configuration: `object({ path: string({ title: 'Folder' }) })`. */
  readonly config: S
  /** What speaks to the platform (`http(…)`); every function below gets it. Made anew for every run. */
  client?(context: Setting<FromSchema<S>>): Client
  /** Can it connect, and may it read what it needs? Returns when yes, throws a ConnectorError when not. */
  check(context: Connected<FromSchema<S>, Client>): Promise<unknown>
  readonly streams: Readonly<Record<string, StreamDefinition<FromSchema<S>, Client>>>
  /** Narrows `streams` to what the account has. Left out: all of `streams`. */
  discover?(context: Connected<FromSchema<S>, Client>): Promise<readonly string[]>
  /** Accounts that a configuration is about: no two syncs read one at once. Left out: none is told. */
  accounts?(config: FromSchema<S>): readonly string[]
  /** The platform by the name records have for it (`google`); needed where something can be changed on it. */
  readonly platform?: string
  /** What can be changed on the platform: see plugins/actions. */
  readonly actions?: Readonly<Record<string, BoundAction<Connected<FromSchema<S>, Client>>>>
  /**
   * What the platform sends by itself, to `POST /webhooks/TENANT/CONNECTION`: verify it, say what it says. No I/O:
   * the sender is answered when it is in the log. A row that cannot be read goes into `rejected`.
   */
  receive?(delivery: Delivery, context: Setting<FromSchema<S>>): Received
  /** What stands in for the platform in `stratum conformance`: `() => import('./simulator/trial.ts')`. */
  trial?(): Promise<{ readonly default: Trial }>
}

/** What the harness gives: the configuration checked and completed, the clock, the limits, where tokens are kept. */
export interface Setting<C> extends Omit<SourceContext, 'config'> {
  readonly config: C
}

/** The same with the connector's client. */
export interface Connected<C, Client> extends Setting<C> {
  readonly client: Client
}

/** Records whose meaning is known: see plugins/records. */
export type RecordKind =
  | 'event'
  | 'ad_report'
  | 'ad_entity'
  | 'ad_demographic'
  | 'ad_change'
  | 'match_quality'
  | 'contact'
  | 'deal'
  | 'deal_stage'
  | 'web_report'

interface StreamTexts {
  readonly title: string
  /** What the records are, so that `normalise` understands them: see plugins/records. null: kept raw only. */
  readonly kind: RecordKind | null
  readonly schema: JsonSchema
  readonly primaryKey: readonly string[]
}

export interface StreamDefinition<C, Client = undefined, R = Readonly<Record<string, unknown>>, T = unknown>
  extends StreamTexts {
  readonly cursorField: string | null
  /**
   * Records from a state on, as batches. Called once per run; `state` is what the last committed batch carried.
   * The same state must give the same records in the same order. No offsets, no retries, no logging here: throw
   * the right error and the harness acts. Stop soon after `signal` aborts.
   */
  read(context: StreamContext<C, T, Client>): AsyncIterable<ReadBatch<R, T>>
}

export interface StreamContext<C, T, Client = undefined> extends Connected<C, Client> {
  readonly state: T | null
}

export interface ReadBatch<R, T> {
  readonly records: readonly R[]
  /** Opaque JSON. It commits with the records of this batch and of all before it. */
  readonly state: T
  /** Rows that cannot become records, with reason, origin and bytes. */
  readonly rejected?: readonly RejectedRow[]
}

/** A stream that goes by a cursor of plugins/sync: the author reads one slice, page by page, and keeps no state. */
export interface SlicedStream<C, Client, Slice, State, R> extends StreamTexts {
  readonly cursor: Cursor<Slice, State, Connected<C, Client>>
  /** The pages of a slice from a position on (null: the first): what `client.pages` yields, made into records. */
  read(context: SliceContext<C, Client, Slice>): AsyncIterable<PageOfRecords<R>>
}

export interface SliceContext<C, Client, Slice> extends Connected<C, Client> {
  readonly slice: Slice
  readonly from: Position | null
}

/** Declares a stream; exists so that the record and state types are inferred and checked. */
export function stream<C, R, T, Client = undefined>(
  definition: StreamDefinition<C, Client, R, T>,
): StreamDefinition<C, Client> {
  return definition as unknown as StreamDefinition<C, Client>
}

/** Declares a stream that goes by a cursor (`byDay`, `byTime`, `full`). */
export function sliced<C, Client, Slice, State, R>(
  definition: SlicedStream<C, Client, Slice, State, R>,
): StreamDefinition<C, Client> {
  const { cursor, read, ...texts } = definition
  return stream<C, R, State, Client>({
    ...texts,
    cursorField: cursor.field,
    read: ({ state, ...context }) =>
      drive(cursor, context as Connected<C, Client>, state, (slice, from) =>
        read({ ...(context as Connected<C, Client>), slice, from }),
      ),
  })
}

/** Declares a connector and gives the engine what it runs. */
export function connector<const S extends JsonSchema, Client = undefined>(
  definition: ConnectorDefinition<S, Client>,
): Source {
  const { actions = {}, receive, trial } = definition
  const specs: StreamSpec[] = Object.entries(definition.streams).map(([name, s]) => ({
    name,
    title: s.title,
    kind: s.kind,
    schema: s.schema,
    primaryKey: s.primaryKey,
    cursorField: s.cursorField,
  }))
  type C = FromSchema<S>
  const connected = (context: SourceContext): Connected<C, Client> => {
    const setting = context as Setting<C>
    return { ...setting, client: definition.client?.(setting) as Client }
  }
  return {
    id: definition.id,
    title: definition.title,
    version: definition.version,
    origin: `connectors/${definition.id}`,
    spec: definition.config,
    streams: specs,
    async check(context) {
      await definition.check(connected(context))
    },
    async discover(context) {
      if (!definition.discover) return specs
      const names = await definition.discover(connected(context))
      return specs.filter(s => names.includes(s.name))
    },
    read(name, context) {
      const found = definition.streams[name]
      if (!found) throw new RangeError(`${definition.id} has no stream ${name}`)
      const whole = { ...connected(context), state: context.state }
      return found.read(whole) as AsyncIterable<SourceBatch>
    },
    accounts: config => definition.accounts?.(config as C) ?? [],
    ...(definition.platform === undefined ? {} : { platform: definition.platform }),
    actions: Object.entries(actions).map(([name, { title, params }]) => ({
      ...{ name, title, params },
      isGuarded: true,
    })),
    async act(name, params, context, acting = {}) {
      const found = actions[name]
      if (!found) throw new RangeError(`${definition.id} has no action ${name}`)
      const guard = new WriteGuard(acting.mayWrite)
      const guarded = { ...context, beforeSend: guard.beforeSend }
      return found.run(connected(guarded), params, context.signal, acting, guard)
    },
    receive:
      receive === undefined
        ? null
        : (delivery, context) => receive.call(definition, delivery, context as Setting<C>),
    trial: trial === undefined ? null : async () => (await trial()).default,
  }
}
