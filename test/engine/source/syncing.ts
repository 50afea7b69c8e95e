import { fixedClock } from '../../../engine/clock/clock.ts'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { type DeadLetter, deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import type { CommitUnit, EventLog } from '../../../engine/log/port.ts'
import type { Source, SourceBatch, StreamSpec } from '../../../engine/source/port.ts'
import { rawKind } from '../../../engine/source/raw.ts'
import { readHere } from '../../../engine/source/reading.ts'
import { type SyncMark, syncKind } from '../../../engine/source/sync.ts'
import { type SyncOptions, type SyncReport, SyncRun } from '../../../engine/source/sync-run.ts'
import { Layout } from '../../../engine/stage/layout.ts'
import { integer, object, string } from '../../../plugins/schema.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { passive } from '../../support/passive.ts'

type Row = Readonly<Record<string, unknown>>
/** What a stream does, one step after the other: gives a batch, throws, or waits for something. */
export type Step = readonly Row[] | Partial<SourceBatch> | Error | (() => unknown)

const Person = object({ id: string(), n: integer(), email: string({ pseudonymise: true }) })

export const row = (id: string, more: Row = {}): Row => ({ id, n: 1, email: `${id}@example.com`, ...more })

const stream = (name: string): StreamSpec => ({
  name,
  title: name,
  kind: null,
  schema: Person,
  primaryKey: ['id'],
  cursorField: null,
})

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

/** A connection of a made-up platform, synced into a log of its own. */
export class Syncing {
  readonly dataDir: string
  readonly log: EventLog
  /** Steps of each stream by the number of its state. What is thrown once is gone at the next try. */
  readonly steps = new Map<string, Step[]>()
  /** States that streams were asked to read on from. */
  readonly asked: unknown[] = []
  readonly waits: number[] = []
  /** Writers that were opened and not closed. */
  writers = 0
  discover: () => void = () => {}
  /** Before every commit. */
  beforeCommit: (unit: CommitUnit) => void | Promise<void> = () => {}
  readonly codec: Codec
  readonly #layout: Layout
  readonly source: Source

  private constructor(dataDir: string, log: LmdbLog, codec: Codec, streams: readonly string[]) {
    this.dataDir = dataDir
    this.log = log
    this.codec = codec
    const specs = streams.map(stream)
    this.source = {
      id: 'crm',
      title: 'CRM',
      version: '1.0.0',
      origin: 'test',
      spec: object({}),
      streams: specs,
      check: async () => {},
      discover: async () => {
        this.discover()
        return specs
      },
      read: (name, { state, signal }) => this.#read(name, state, signal),
      ...passive,
    }
    const deadletters = {
      name: 'deadletters',
      route: 'input',
      cleanup: 'delete',
      kinds: [deadLetterKind],
    } as const
    const app = { sources: [this.source], topics: [deadletters], tasks: [], tables: [] }
    this.#layout = new Layout(app, { raw: 2, facts: 1, persons: 1 }, () => undefined)
  }

  static async of(t: Tap, streams: Readonly<Record<string, Step[]>>): Promise<Syncing> {
    const dataDir = temporaryFolder(t)
    const log = new LmdbLog(dataDir)
    t.teardown(() => log.close())
    const codec = new Codec(await EmbeddedRegistry.open(log))
    const syncing = new Syncing(dataDir, log, codec, Object.keys(streams))
    for (const [name, steps] of Object.entries(streams)) syncing.steps.set(name, steps)
    for (const kind of [syncKind, deadLetterKind]) await codec.register(kind)
    for (const spec of syncing.source.streams) await codec.register(rawKind('crm', spec))
    for (const topic of syncing.#layout.topics) await log.ensureTopic(topic)
    return syncing
  }

  async *#read(name: string, state: unknown, signal: AbortSignal): AsyncGenerator<SourceBatch> {
    this.asked.push(state)
    const steps = this.steps.get(name)!
    for (let at = (state as number | null) ?? 0; at < steps.length && !signal.aborted; at++) {
      const step = steps[at]!
      if (step instanceof Error) {
        steps[at] = []
        throw step
      }
      if (typeof step === 'function') await step()
      else if ('records' in step || 'rejected' in step) yield { records: [], state: at + 1, ...step }
      else yield { records: step as readonly Row[], state: at + 1 }
    }
  }

  async run(more: Partial<SyncOptions> = {}): Promise<SyncReport> {
    const { log, source, dataDir } = this
    const codec = this.codec
    const clock = fixedClock('2026-01-15T12:00:00Z')
    const told = { tenant: 'acme', connection: 'acme/crm/1' }
    const reading = readHere({ source, config: {}, ...told, codec, clock, notice() {} })
    const writer: EventLog['writer'] = async group => {
      const own = await log.writer(group)
      this.writers++
      return {
        group,
        commit: async unit => {
          await this.beforeCommit(unit)
          await own.commit(unit)
        },
        close: async () => {
          this.writers--
          await own.close()
        },
      }
    }
    const watched = Object.assign(Object.create(log) as EventLog, {
      writer,
      state: (store: string) => log.state(store),
    })
    return new SyncRun({
      source,
      config: {},
      reading,
      ...told,
      clockMode: 'event',
      log: watched,
      codec,
      layout: this.#layout,
      clock,
      gate: { open: async () => {} },
      dataDir,
      signal: new AbortController().signal,
      retrying: (_, waitMs) => this.waits.push(waitMs),
      ...more,
    }).run()
  }

  /** Everything in the raw topic: ids of rows and phases of runs. */
  async raw(): Promise<string[]> {
    const seen: string[] = []
    for (const { kind, value } of await this.#all('stratum.raw.crm'))
      seen.push(
        kind === syncKind.name
          ? (value as unknown as SyncMark).phase
          : String((value as { data: { id: string } }).data.id),
      )
    return seen
  }

  async values(): Promise<Row[]> {
    const all = await this.#all('stratum.raw.crm')
    return all.filter(({ kind }) => kind !== syncKind.name).map(({ value }) => ({ ...(value.data as Row) }))
  }

  async letters(): Promise<DeadLetter[]> {
    return (await this.#all('stratum.deadletters')).map(({ value }) => value as unknown as DeadLetter)
  }

  async #all(topic: string) {
    const reader = this.codec.reader()
    const { partitions } = (await this.log.topics()).find(spec => spec.name === topic)!
    const found = []
    for (let partition = 0; partition < partitions; partition++)
      for (let at = 0; ; ) {
        const batch = await this.log.read(topic, partition, at)
        if (!batch) break
        for (const { value } of batch.records) found.push(reader.decode(value!))
        at = batch.next
      }
    return found
  }
}
