import { join } from 'node:path'
import { StateCache } from '../../../../../engine/log/kafka/state/cache.ts'
import { decodeOffsets, type Position } from '../../../../../engine/log/kafka/state/entry.ts'
import { KafkaWriter } from '../../../../../engine/log/kafka/write/writer.ts'
import type { WriterOptions } from '../../../../../engine/log/kafka/write/writer-options.ts'
import type { CommitUnit } from '../../../../../engine/log/port.ts'
import { temporaryFolder } from '../../../../support/folder.ts'
import { FakeProducer } from './producer.ts'

export interface Writing {
  readonly fake: FakeProducer
  readonly writer: KafkaWriter
  readonly cache: StateCache
  /** Partitions of each topic, as the cluster says when it is asked. */
  readonly topics: Map<string, number>
  readonly outages: string[]
}

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

export const CHANGELOG = { topic: 'state', partition: 0, sole: 'group/0' }

/** A writer of `group/0` with a producer that is none; topics `t` and `u` have two partitions. */
export async function writing(t: Tap, more: Partial<WriterOptions> = {}): Promise<Writing> {
  const fake = new FakeProducer()
  const cache = new StateCache(join(temporaryFolder(t), 'cache.lmdb'))
  cache.apply([], { seq: more.seq ?? 0 })
  const topics = new Map([
    ['t', 2],
    ['u', 2],
    ['state', 1],
  ])
  let heard = new Map(topics)
  const outages: string[] = []
  const positions: readonly Position[] = []
  const writer = new KafkaWriter({
    name: 'group/0',
    producer: fake.producer,
    changelogOf: () => CHANGELOG,
    cache: () => cache,
    seq: 0,
    life: 'a',
    positions,
    partitionsOf: topic => heard.get(topic),
    refresh: async () => {
      heard = new Map(topics)
    },
    carrier: async group => fake.carrier(group),
    follow: async () => {},
    last: async () => {
      const said = fake.committed.flatMap(c => c.records).filter(r => r.key === 'ogroup/0')
      return said.length === 0 ? null : decodeOffsets(Buffer.from(said.at(-1)!.value!))
    },
    end: async () => 0,
    committed: async () => {},
    onOutage: error => outages.push((error as Error).message),
    commitMs: 1,
    ...more,
  })
  t.teardown(async () => {
    await writer.close()
    await cache.close()
  })
  await writer.open()
  return { fake, writer, cache, topics, outages }
}

/** Appends a record of that value. */
export const append = (value: string, topic = 't', partition = 0): CommitUnit => ({
  appends: [
    { topic, partition, records: [{ key: Buffer.from('k'), value: Buffer.from(value), time: 5_000 }] },
  ],
})

/** Reads on to there. */
export const position = (next: number): CommitUnit => ({
  positions: [{ group: 'task.a', topic: 't', partition: 0, next }],
})

export const state = (key: string, value: string | null): CommitUnit => ({
  state: [
    {
      store: 'a/t/0',
      changes: [{ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }],
    },
  ],
})

export const together = (...units: readonly CommitUnit[]): CommitUnit => ({
  appends: units.flatMap(u => u.appends ?? []),
  state: units.flatMap(u => u.state ?? []),
  positions: units.flatMap(u => u.positions ?? []),
})

/** Values of the records of a topic, by transaction. */
export const valuesOf = (fake: FakeProducer, topic = 't'): (string | null)[][] =>
  fake.committed.map(({ records }) => records.filter(r => r.topic === topic).map(r => r.value))

/** Lets everything run that is ready, until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}
