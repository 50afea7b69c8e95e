import { batchesOf } from '../log/batches.ts'
import type { Stores } from '../runtime/stores.ts'
import { topicName } from '../stage/layout.ts'

/** A record of a topic, decoded. */
export interface Placed<T> {
  readonly partition: number
  readonly offset: number
  /** Records before those that are there have gone with their retention. */
  readonly isCut: boolean
  readonly kind: string
  readonly value: T
}

/** Everything in a topic, partition by partition; of one that is not there, nothing. @param topic its short name */
export async function* recordsOf<T>(
  { log, codec, layout }: Pick<Stores, 'log' | 'codec' | 'layout'>,
  topic: string,
  signal?: AbortSignal,
): AsyncGenerator<Placed<T>> {
  const name = topicName(topic)
  if (!(await log.topics()).some(known => known.name === name)) return
  const reader = codec.reader()
  for (let partition = 0; partition < layout.partitions(name); partition++) {
    const isCut = (await log.bounds(name, partition)).start > 0
    for await (const { records } of batchesOf(log, name, partition)) {
      signal?.throwIfAborted()
      await reader.ready(records)
      for (const { offset, value } of records) {
        if (value === null) continue
        const said = reader.decode(value)
        yield { partition, offset, isCut, kind: said.kind, value: said.value as T }
      }
    }
  }
}
