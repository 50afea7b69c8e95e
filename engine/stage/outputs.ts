import type { Codec } from '../codec/codec.ts'
import type { BaseRecord, Kind } from '../codec/kind.ts'
import { StratumError } from '../errors.ts'
import type { CommitUnit, LogRecord, StoredRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import { type Layout, topicName } from './layout.ts'

interface Appended {
  readonly topic: string
  readonly partition: number
  readonly records: LogRecord[]
}

/** Records a batch writes, gathered by topic and partition in the order they were written. */
export class Outputs {
  readonly #codec: Codec
  readonly #layout: Layout
  readonly #writer: string
  readonly #input: number
  /** Headers of copies that other folds may write with the same bytes. */
  readonly #by: Readonly<Record<string, string>>
  readonly #marks: string | undefined
  readonly #marked = new WeakSet<LogRecord>()
  /** Which stage writes now. */
  stage: string | undefined
  #byTopic = new Map<string, (Appended | undefined)[]>()
  /** Gathered so far, in the order of their first records. */
  #all: Appended[] = []

  /** `marks`: a stage whose records are told from the others'. */
  constructor(codec: Codec, layout: Layout, writer: string, input: number, marks?: string) {
    this.#codec = codec
    this.#layout = layout
    this.#writer = writer
    this.#input = input
    this.#by = { by: `${writer}/${input}` }
    this.#marks = marks
  }

  emit<T extends object>(
    topic: string,
    kind: Kind<T>,
    value: T,
    keyParts: readonly string[],
    time: number,
  ): void {
    const { tenant_id: tenant } = value as unknown as BaseRecord
    if (keyParts[0] !== tenant)
      throw new StratumError(
        'RECORD_INVALID',
        `The key of a ${kind.name} for ${topic} must begin with its tenant, ${tenant}, not with ${keyParts[0]}.`,
      )
    const key = Buffer.from(keyParts.join(KEY_SEPARATOR))
    const record = { key, value: this.#codec.encode(kind, value), time }
    this.#push(topic, this.#layout.route(this.#writer, this.#input, topic, key), record)
  }

  forward(topic: string, record: StoredRecord, keyParts: readonly string[]): void {
    const key = Buffer.from(keyParts.join(KEY_SEPARATOR))
    const partition = this.#layout.route(this.#writer, this.#input, topic, key)
    this.#push(topic, partition, { ...record, key, headers: record.headers?.by ? this.#by : undefined })
  }

  /** Says who wrote it: other folds write the same record to the same partition, and a replay must tell them apart. */
  broadcast(topic: string, record: StoredRecord): void {
    for (let p = 0; p < this.#layout.partitions(topic); p++)
      this.#push(topic, p, { ...record, headers: this.#by })
  }

  /** A record of its own to every partition, under its tenant's key. */
  emitToAll<T extends object>(topic: string, kind: Kind<T>, value: T, time: number): void {
    const key = Buffer.from((value as unknown as BaseRecord).tenant_id)
    const record = { key, value: this.#codec.encode(kind, value), time }
    for (let p = 0; p < this.#layout.partitions(topic); p++) this.#push(topic, p, { ...record })
  }

  marked(record: LogRecord): boolean {
    return this.#marked.has(record)
  }

  #push(topic: string, partition: number, record: LogRecord): void {
    if (this.#marks !== undefined && this.stage === this.#marks) this.#marked.add(record)
    let partitions = this.#byTopic.get(topic)
    if (!partitions) {
      partitions = []
      this.#byTopic.set(topic, partitions)
    }
    let own = partitions[partition]
    if (!own) {
      own = { topic: topicName(topic), partition, records: [] }
      partitions[partition] = own
      this.#all.push(own)
    }
    own.records.push(record)
  }

  take(): NonNullable<CommitUnit['appends']> {
    const all = this.#all
    this.clear()
    return all
  }

  clear(): void {
    this.#byTopic = new Map()
    this.#all = []
  }
}
