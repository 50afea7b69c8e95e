import { type Tick, tickKind } from '../../../engine/clock/tick.ts'
import { Codec } from '../../../engine/codec/codec.ts'
import { type BaseRecord, defineKind, field, type Kind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import type { CommitUnit, StoredRecord } from '../../../engine/log/port.ts'
import { Fold, type FoldOptions } from '../../../engine/stage/fold.ts'
import { Layout } from '../../../engine/stage/layout.ts'
import type { Stage } from '../../../engine/stage/stage.ts'
import type { Application, Task } from '../../../engine/stage/topology.ts'
import { MemoryState } from '../state/memory.ts'

/** A click of somebody: what the stages of these tests read. */
export interface Click extends BaseRecord {
  readonly who: string
  readonly n: number
}

/** What they make of it. */
export interface Note extends BaseRecord {
  readonly text: string
}

export const clickKind = defineKind<Click>('click', [field('who', 'string'), field('n', 'long')])
export const noteKind = defineKind<Note>('note', [field('text', 'string')])

const INGESTED = 5_000

export const click = (who: string, n: number, tenant = 'acme'): Click => ({
  tenant_id: tenant,
  event_id: `${who}-${n}`,
  event_time: n,
  ingest_time: INGESTED,
  who,
  n,
})

export const note = (text: string, tenant = 'acme'): Note => ({
  tenant_id: tenant,
  event_id: text,
  event_time: 1,
  ingest_time: INGESTED,
  text,
})

export const tick = (watermark: number, tenant = 'acme'): Tick => ({
  tenant_id: tenant,
  event_id: `tick ${watermark}`,
  event_time: watermark,
  ingest_time: INGESTED,
  watermark,
  final: false,
})

/** A record as it came out, in short. */
export interface Out {
  readonly topic: string
  readonly partition: number
  readonly key: readonly string[]
  readonly kind: string
  readonly value: Readonly<Record<string, unknown>>
}

type Input = Click | Note | Tick | Buffer

export interface FoldingOptions extends Pick<FoldOptions, 'forgetful' | 'cachedKeys'> {
  readonly state?: MemoryState
  readonly to?: string
  readonly partition?: number
  /** Parts of a click's record key after its tenant; none by default. */
  readonly keyOf?: (click: Click) => readonly string[]
}

/** One fold over partition 0 of `stratum.clicks`, its commits and its state in memory. */
export class Folding {
  readonly state: MemoryState
  readonly heard: string[] = []
  /** Records given to stages, as the engine is told. */
  readonly counted: Record<string, number> = {}
  readonly #codec: Codec
  readonly #fold: Fold
  readonly #partition: number
  readonly #keyOf: (click: Click) => readonly string[]
  #next = 0

  private constructor(stages: readonly Stage[], codec: Codec, options: FoldingOptions) {
    const { state = new MemoryState(), to, partition = 0, keyOf = () => [], ...more } = options
    this.#keyOf = keyOf
    this.state = state
    this.#codec = codec
    this.#partition = partition
    const task: Task = { name: 'work', from: 'clicks', stages, emits: ['notes'], ...(to ? { to } : {}) }
    this.#fold = new Fold({
      ...more,
      task,
      topic: 'stratum.clicks',
      partition,
      codec,
      layout: new Layout(appOf(task), { raw: 2, facts: 2, persons: 4 }, () => undefined),
      state,
      onRecord: (stage, tenant, n) => {
        this.counted[`${stage}/${tenant}`] = (this.counted[`${stage}/${tenant}`] ?? 0) + n
      },
      onHandedOn: (kind, n) => this.heard.push(`handed on ${n} ${kind}`),
      onDeadLetter: (stage, reason) => this.heard.push(`dead letter ${stage}: ${reason}`),
      onCrash: (stage, _, attempt) => this.heard.push(`crash ${stage} ${attempt}`),
    })
  }

  static async of(stages: readonly Stage[], options: FoldingOptions = {}): Promise<Folding> {
    const codec = new Codec(EmbeddedRegistry.inMemory())
    for (const kind of [tickKind, deadLetterKind, clickKind, noteKind]) await codec.register(kind as Kind)
    return new Folding(stages, codec, options)
  }

  /** Another fold that goes on where the commits of this one end. */
  async restarted(stages: readonly Stage[], options: FoldingOptions = {}): Promise<Folding> {
    const next = await Folding.of(stages, { ...options, state: this.state })
    next.#next = this.#next
    return next
  }

  /** Folds records as one batch; `land` commits it. */
  unit(inputs: readonly Input[], headers?: Readonly<Record<string, string>>): CommitUnit {
    const records = inputs.map(input => this.#record(input, headers))
    return this.#fold.process({
      topic: 'stratum.clicks',
      partition: this.#partition,
      records,
      next: this.#next,
    })
  }

  land(unit: CommitUnit): Out[] {
    for (const part of unit.state ?? []) this.state.apply(part)
    this.#fold.landed()
    return this.outputs(unit)
  }

  /** Folds records as one batch and commits it. Gives what came out. */
  feed(...inputs: readonly Input[]): Out[] {
    return this.land(this.unit(inputs))
  }

  outputs(unit: CommitUnit): Out[] {
    const reader = this.#codec.reader()
    return (unit.appends ?? []).flatMap(({ topic, partition, records }) =>
      records.map(record => ({
        topic: topic.replace('stratum.', ''),
        partition,
        key: record.key.toString().split('\x1f'),
        ...reader.decode(record.value!),
      })),
    )
  }

  #record(input: Input, headers?: Readonly<Record<string, string>>): StoredRecord {
    const offset = this.#next++
    if (Buffer.isBuffer(input)) return { key: Buffer.from('acme'), value: input, time: INGESTED, offset }
    const kind = 'who' in input ? clickKind : 'text' in input ? noteKind : tickKind
    const parts = [input.tenant_id, ...('who' in input ? this.#keyOf(input) : [])]
    return {
      key: Buffer.from(parts.join('\x1f')),
      value: this.#codec.encode(kind as Kind, input),
      time: input.ingest_time,
      offset,
      headers,
    }
  }
}

const appOf = (task: Task): Application => ({
  sources: [],
  topics: [
    { name: 'clicks', route: 'key', cleanup: 'delete', kinds: [clickKind, tickKind] },
    { name: 'notes', route: 'input', cleanup: 'delete', kinds: [noteKind] },
    { name: 'keyed', route: 'key', cleanup: 'delete', kinds: [noteKind, clickKind, tickKind] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
  ],
  tasks: [task],
  tables: [],
})

export const texts = (outs: readonly Out[]): unknown[] =>
  outs.filter(out => out.kind === 'note').map(out => out.value.text)

export const letters = (outs: readonly Out[]): unknown[] =>
  outs
    .filter(out => out.topic === 'deadletters')
    .map(({ value }) => `${value.stage} ${value.origin_offset}: ${value.reason}`)
