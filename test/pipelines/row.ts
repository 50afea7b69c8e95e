import { Codec, type Reader } from '../../engine/codec/codec.ts'
import type { Kind } from '../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import { kindsOf } from '../../engine/runtime/stores.ts'
import { Fold } from '../../engine/stage/fold.ts'
import { Layout } from '../../engine/stage/layout.ts'
import type { Application, StageSettings } from '../../engine/stage/topology.ts'
import { app } from '../../stratum.ts'
import { MemoryState } from '../engine/state/memory.ts'
import { standard } from '../support/engine.ts'

/** A record before a task has read it, or after it has written it. */
export interface Told {
  readonly kind: string
  readonly value: Readonly<Record<string, unknown>>
}

export interface Written<T = Readonly<Record<string, unknown>>> {
  /** Short name. */
  readonly topic: string
  readonly kind: string
  readonly value: T
}

export interface RowOptions {
  readonly settings?: StageSettings
  readonly forgetful?: boolean
  /** The application with something in it that only a test has. */
  readonly instead?: (app: Application) => Application
}

const same = (app: Application): Application => app

/** One task of the application over one partition: the engine's own fold, its state in a map. */
export class Row {
  readonly written: Written[] = []
  readonly #fold: Fold
  readonly #state: MemoryState
  readonly #codec: Codec
  readonly #kinds: ReadonlyMap<string, Kind>
  readonly #reader: Reader
  #next = 0

  private constructor(fold: Fold, state: MemoryState, codec: Codec, kinds: ReadonlyMap<string, Kind>) {
    this.#fold = fold
    this.#state = state
    this.#codec = codec
    this.#kinds = kinds
    this.#reader = codec.reader()
  }

  /** `topic`: short name of the one it reads. `forgetful`: starts anew, from what is stored, at every batch. */
  static async open(
    task: string,
    topic: string,
    { settings = standard as StageSettings, forgetful = false, instead = same }: RowOptions = {},
  ): Promise<Row> {
    const release = instead(app(settings))
    const codec = new Codec(EmbeddedRegistry.inMemory())
    const kinds = kindsOf(release)
    for (const kind of kinds) await codec.register(kind)
    const state = new MemoryState()
    const fold = new Fold({
      task: release.tasks.find(t => t.name === task)!,
      topic: `stratum.${topic}`,
      partition: 0,
      codec,
      layout: new Layout(release, { raw: 1, facts: 1, persons: 1 }, () => undefined),
      state,
      forgetful,
      onCrash: (_stage, error) => {
        throw error
      },
    })
    return new Row(fold, state, codec, new Map(kinds.map(k => [k.name, k])))
  }

  /** Gives the task one batch and commits it; what it wrote, in order within each topic. */
  feed(...batch: readonly Told[]): Written[] {
    const records = batch.map(({ kind, value }) => ({
      key: Buffer.from(String(value.tenant_id)),
      value: this.#codec.encode(this.#kinds.get(kind)!, value),
      time: Number(value.ingest_time),
      offset: this.#next++,
    }))
    const { topic, partition } = this.#fold
    const unit = this.#fold.process({ topic, partition, records, next: this.#next })
    for (const part of unit.state ?? []) this.#state.apply(part)
    this.#fold.landed()
    const out = (unit.appends ?? []).flatMap(({ topic, records }) =>
      records.map(r => {
        const { kind, value } = this.#reader.decode(r.value!)
        return { topic: topic.replace(/^stratum\./, ''), kind, value: { ...value } }
      }),
    )
    this.written.push(...out)
    return out
  }

  /** All that was written of one kind, oldest first. */
  of<T>(kind: Kind<T & object>): T[] {
    return this.written.filter(w => w.kind === kind.name).map(w => w.value as T)
  }

  /** Bytes of the largest state of a stage. */
  largest(stage: string): number {
    const sizes = [...this.#state.map]
      .filter(([key]) => key.startsWith(`${stage}\0v\0`))
      .map(([, v]) => v.length)
    return Math.max(0, ...sizes)
  }

  /** What is stored: keys of the state. */
  get stored(): number {
    return this.#state.map.size
  }
}
