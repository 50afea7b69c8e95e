import type { BaseRecord, Kind } from '../codec/kind.ts'
import type { Command } from '../command/command.ts'
import type { Verifier } from '../execute/permit.ts'
import type { Operation } from '../ops/operation.ts'
import type { DemoSpec } from '../runtime/demo.ts'
import type { Running } from '../runtime/running.ts'
import type { Service } from '../runtime/service.ts'
import type { SigningKey } from '../signing.ts'
import type { TableSpec } from '../sink/table.ts'
import type { Source } from '../source/port.ts'
import type { Stage } from './stage.ts'

/** A row of stages over every partition of its input topics. */
export interface Task {
  readonly name: string
  /** Short topic name; `raw` stands for the raw topic of every source. */
  readonly from: string
  readonly stages: readonly Stage[]
  /** Topics the stages write to with `emit`, `forward` and `broadcast`. */
  readonly emits?: readonly string[]
  /** Where records go that were handed on and come out at the end of the row, keyed by tenant. */
  readonly to?: string
}

export interface Topic {
  readonly name: string
  /** `key`: partition by the record's key. `input`: each writing fold has a partition of its own, so order is fixed. */
  readonly route: 'key' | 'input'
  readonly cleanup: 'delete' | 'compact'
  readonly kinds: readonly Kind[]
  /** What else writes to it than connectors and tasks: a service beside them. */
  readonly writtenBy?: string
}

/** The whole application, as `stratum.ts` declares it. The engine knows none of its parts by name. */
export interface Application {
  readonly sources: readonly Source[]
  /** URL of a module that exports these `sources`: with it, each connection is read in a thread of its own. */
  readonly sourcesModule?: string | undefined
  readonly topics: readonly Topic[]
  readonly tasks: readonly Task[]
  readonly tables: readonly TableSpec[]
  /** URL of a module that exports these `tables`: with it, their blocks are made in a thread. */
  readonly tablesModule?: string | undefined
  /** Carries approved actions out, in `start` and in every worker; left out: nothing is written to any platform. */
  readonly executors?: ExecutorSpec | undefined
  /** What a command writes besides itself, in the same commit; null: nothing. */
  readonly atOnce?: (command: Command) => AtOnce | null
  /** What tenants can set, by name; left out: nobody knows before it is tried. */
  readonly settings?: readonly string[]
  /** Decisions that can be made again from their records. */
  readonly decisions?: DecisionsSpec
  /** Checks the audit log it keeps: see `stratum verify --audit`. */
  readonly audit?: Operation
  /** What is at work beside the tasks, in `start` and in every worker. */
  readonly beside?: readonly Beside[]
  /** Runs beside the engine in `stratum start`: the API. */
  readonly serve?: Service
  /** What `stratum start --demo` shows. */
  readonly demo?: DemoSpec
}

/** A record to a topic that is keyed. */
export interface AtOnce {
  readonly topic: string
  readonly kind: Kind
  readonly value: BaseRecord
  /** Begins with the tenant. */
  readonly key: readonly string[]
}

/** Begins something beside the tasks. */
export type Beside = (context: {
  readonly engine: Pick<Running, 'stores' | 'groups'>
  tell(event: BesideEvent): void
}) => { stop(): Promise<void> }

export interface BesideEvent {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

export interface DecisionsSpec {
  readonly topic: string
  readonly kind: string
  /** The field that names one. */
  readonly id: string
  /** One again; says whether it is the same. */
  again(record: never): { readonly same: boolean; readonly differs: readonly string[] }
}

/** What executors go by: see engine/execute. */
export interface ExecutorSpec {
  /** Topic of the actions as they stand (kind `action`). */
  readonly actions: string
  /** Topic of the kill switches (kind `kill_switch`). */
  readonly killSwitch: string
  /** Knows the key that permits are signed with. */
  readonly verifier: Verifier
}

/** The settings that shape stages. */
export interface StageSettings {
  readonly dedup: { readonly windowDays: number }
  readonly warehouse: { readonly retentionYears: number }
  readonly audit: { readonly export?: string; readonly everyMinutes: number; readonly everyEntries: number }
  /** Connectors that did not come with the application. */
  readonly installed?: readonly Source[]
  /** What stages sign with; null: no key is set for processes that would need the same. Left out: nothing is to run. */
  readonly signing?: SigningKey | null | undefined
}

/** Declares the application; stages that depend on settings are made when these are known. */
export function stratum(
  make: (settings: StageSettings) => Application,
): (settings: StageSettings) => Application {
  return make
}
