import { clients, fetchCommitted } from '../../../../../engine/log/kafka/client/kafkajs.ts'
import { decodeRecords } from '../../../../../engine/log/kafka/records/batches.ts'
import {
  decodeFetchResponse,
  type FetchResponse,
} from '../../../../../engine/log/kafka/records/fetch-response.ts'
import type { StoredRecord } from '../../../../../engine/log/port.ts'

export interface Topic {
  readonly records: readonly StoredRecord[]
  /** How many batches of which codec (its number) the broker gave. */
  readonly codecs: ReadonlyMap<number, number>
}

/** All committed records of partition 0, fetched so many bytes at a time. */
export async function readTopic(bootstrap: string, topic: string, maxBytes: () => number): Promise<Topic> {
  const cluster = clients({ brokers: [bootstrap] }).cluster()
  await cluster.connect()
  try {
    await cluster.addMultipleTargetTopics([topic])
    const leader = cluster.findTopicPartitionMetadata(topic)[0]!.leader
    const broker = await cluster.findBroker({ nodeId: String(leader) })
    if (!broker.isConnected()) await broker.connect()
    const records: StoredRecord[] = []
    const codecs = new Map<number, number>()
    for (let from = 0; ; ) {
      const size = maxBytes()
      const order = { partition: 0, fetchOffset: from, maxBytes: size }
      const answer = await broker.connectionPool.send<FetchResponse>({
        request: fetchCommitted({
          maxWaitTime: 100,
          minBytes: 1,
          maxBytes: size,
          topics: [{ topic, partitions: [order] }],
        }),
        response: { decode: async body => decodeFetchResponse(body), parse: async decoded => decoded },
      })
      const [fetched] = answer.partitions
      if (answer.errorCode || fetched!.errorCode) throw new Error(`code ${fetched!.errorCode}`)
      if (from >= fetched!.lastStableOffset) return { records, codecs }
      if (fetched!.records.length > 0) {
        const codec = fetched!.records[22]! & 7
        codecs.set(codec, (codecs.get(codec) ?? 0) + 1)
      }
      const decoded = decodeRecords(fetched!.records, fetched!.aborted, from, { topic, partition: 0 })
      records.push(...decoded.records)
      from = decoded.next
    }
  } finally {
    await cluster.disconnect()
  }
}
