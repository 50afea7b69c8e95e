import type { Codec } from '../codec/codec.ts'
import type { BaseRecord, Kind } from '../codec/kind.ts'
import { StratumError } from '../errors.ts'
import type { CommitUnit, LogRecord, StoredRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import { type Layout, topicName } from './layout.ts'

/** Records a batch writes, gathered by topic and partition in the order they were written. */
export class Outputs {
  readonly #codec: Codec
  readonly #layout: Layout
  readonly #writer: string
  readonly #input: number
  #byPartition = new Map<string, { topic: string; partition: number; records: LogRecord[] }>()

  constructor(codec: Codec, layout: Layout, writer: string, input: number) {
    this.#codec = codec
    this.#layout = layout
    this.#writer = writer
    this.#input = input
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
    const key = keyParts.join(KEY_SEPARATOR)
    this.#push(topic, this.#layout.route(this.#writer, this.#input, topic, key), {
      key: Buffer.from(key),
      value: this.#codec.encode(kind, value),
      time,
    })
  }

  forward(topic: string, record: StoredRecord, keyParts: readonly string[]): void {
    const key = keyParts.join(KEY_SEPARATOR)
    this.#push(topic, this.#layout.route(this.#writer, this.#input, topic, key), {
      ...record,
      key: Buffer.from(key),
      headers: undefined,
    })
  }

  broadcast(topic: string, record: StoredRecord): void {
    for (let p = 0; p < this.#layout.partitions(topic); p++)
      this.#push(topic, p, { ...record, headers: undefined })
  }

  #push(topic: string, partition: number, record: LogRecord): void {
    const id = `${topic}/${partition}`
    let group = this.#byPartition.get(id)
    if (!group) {
      group = { topic: topicName(topic), partition, records: [] }
      this.#byPartition.set(id, group)
    }
    group.records.push(record)
  }

  take(): NonNullable<CommitUnit['appends']> {
    const all = [...this.#byPartition.values()]
    this.#byPartition = new Map()
    return all
  }

  clear(): void {
    this.#byPartition = new Map()
  }
}
