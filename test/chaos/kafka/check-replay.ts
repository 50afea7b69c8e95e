import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import type { Entry } from '../../../engine/codec/registry/port.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import type { LogRecord } from '../../../engine/log/port.ts'
import { tenantOf } from '../../../engine/log/tenant.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { Fold, stateStore } from '../../../engine/stage/fold.ts'
import { Layout, topicName } from '../../../engine/stage/layout.ts'
import type { Application, Task } from '../../../engine/stage/topology.ts'
import type { Avro } from './avro.ts'
import type { Origin } from './check-offsets.ts'
import type { Records, Seen } from './reader.ts'
import { PARTITIONS } from './settings.ts'

const BATCH = 1_000

/** The folds of an application over the records of a cluster, as if they had never been disturbed. */
export class Replay {
  readonly #app: Application
  readonly #layout: Layout
  readonly #records: Records
  readonly #avro: Avro
  #codec!: Codec
  /** Records compared. */
  compared = 0
  readonly wrong: string[] = []

  constructor(app: Application, records: Records, avro: Avro) {
    this.#app = app
    this.#records = records
    this.#avro = avro
    this.#layout = new Layout(app, PARTITIONS, () => undefined)
  }

  async run(folder: string): Promise<void> {
    const known = (this.#records.get('stratum.schemas/0') ?? []).map(
      ({ value }) => JSON.parse(value!.toString()) as Entry,
    )
    this.#codec = new Codec(EmbeddedRegistry.inMemory(known))
    for (const kind of kindsOf(this.#app)) await this.#codec.register(kind)
    const dir = mkdtempSync(join(folder, 'replay-'))
    const log = new LmdbLog(dir, { durability: 'process' })
    for (const task of this.#app.tasks)
      for (const topic of this.#layout.inputs(this.#app, task))
        for (let p = 0; p < this.#layout.partitions(topic); p++) await this.#fold(log, task, topic, p)
    await log.close()
    rmSync(dir, { recursive: true })
  }

  async #fold(log: LmdbLog, task: Task, topic: string, partition: number): Promise<void> {
    const input = this.#records.get(`${topic}/${partition}`) ?? []
    const name = stateStore(task.name, topic, partition)
    const fold = new Fold({
      task,
      topic,
      partition,
      codec: this.#codec,
      layout: this.#layout,
      state: log.state(name),
    })
    const writer = await log.writer(name)
    const outputs = new Map<string, LogRecord[]>()
    for (let at = 0; at < input.length; at += BATCH) {
      const records = input.slice(at, at + BATCH).map(stored)
      const next = records.at(-1)!.offset + 1
      const { appends = [], state = [] } = fold.process({ topic, partition, records, next })
      for (const part of appends) {
        const place = `${part.topic}/${part.partition}`
        const records = outputs.get(place) ?? []
        outputs.set(place, records)
        for (const record of part.records) records.push(record)
      }
      await writer.commit({ state })
      fold.landed()
    }
    this.#compare(task, topic, partition, outputs)
  }

  #compare(task: Task, topic: string, partition: number, outputs: Map<string, LogRecord[]>): void {
    const written = new Map(outputs)
    // Where it might have written and should not have.
    for (const place of this.#records.keys())
      if (this.#mayWrite(task, topic, partition, place)) written.set(place, outputs.get(place) ?? [])
    for (const [place, expected] of written) {
      const found = (this.#records.get(place) ?? []).filter(r => this.#isBy(task, topic, partition, place, r))
      this.compared += expected.length
      const at = expected.findIndex((record, i) => !same(record, found[i]))
      if (at < 0 && expected.length === found.length) continue
      const where = at < 0 ? expected.length : at
      this.wrong.push(
        `${task.name} over ${topic}/${partition} wrote ${found.length} records to ${place}, and replayed ${expected.length}: other ones from number ${where} on (${describe(found[where])}, not ${describe(expected[where])})`,
      )
    }
  }

  #mayWrite(task: Task, topic: string, partition: number, place: string): boolean {
    const [, name, of] = /^stratum\.(.+)\/(\d+)$/.exec(place)!
    const spec = this.#app.topics.find(t => t.name === name)
    if (spec?.route === 'key') return name === task.to || (task.emits ?? []).includes(name!)
    const base = this.#layout.bases.get(`${task.name}:${topic}>${name}`)
    return base !== undefined && base + partition === Number(of)
  }

  /** Partitions by key are written by several folds, each with tenants of its own; dead letters by tables, too. */
  #isBy(task: Task, topic: string, partition: number, place: string, { key, value }: Seen): boolean {
    const spec = this.#app.topics.find(t => place.startsWith(`${topicName(t.name)}/`))!
    // All raw records are of one source.
    if (spec.route === 'key')
      return (
        partitionOf(tenantOf(key), this.#layout.partitions(topic)) === partition &&
        (task.from !== 'raw' || topic === 'stratum.raw.ga4')
      )
    return spec.name !== 'deadletters' || !this.#tables.has(this.#avro.decode<Origin>(value!).stage)
  }

  get #tables(): Set<string> {
    return new Set(this.#app.tables.map(t => t.name))
  }
}

const stored = ({ offset, key, value, timestamp }: Seen) => ({ offset, key, value, time: timestamp * 1000 })

const same = (a: LogRecord, b: Seen | undefined): boolean =>
  b !== undefined &&
  a.key.equals(b.key) &&
  (a.value === null ? b.value === null : b.value !== null && a.value.equals(b.value)) &&
  Math.floor(a.time / 1000) === b.timestamp

const describe = (record: LogRecord | Seen | undefined): string =>
  record === undefined
    ? 'nothing'
    : `${record.key.toString().replaceAll('\x1f', ' ')}: ${record.value?.length ?? 0} bytes`
