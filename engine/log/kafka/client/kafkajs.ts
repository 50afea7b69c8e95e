import { createRequire } from 'node:module'
import type { Admin, Consumer, ConsumerConfig, Kafka } from 'kafkajs'
import kafkajs from 'kafkajs'
import { type Connection, mendConnections } from './connections.ts'
import { type KafkaSettings, kafkajsOptions } from './settings.ts'
import { tokenSource } from './token.ts'

/**
 * kafkajs brings connections, authentication, metadata and group membership. What it makes of a fetched batch is not
 * used (its read-committed filter delivers aborted records), so its broker connections are asked directly; they are
 * not part of its public face, which is why its version is pinned.
 */
export interface Clients {
  admin(): Admin
  consumer(config: ConsumerConfig): Consumer
  cluster(): Cluster
}

/** The part of kafkajs' `Cluster` that is used. */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[]
  findBroker(of: { nodeId: string }): Promise<Broker>
}

export interface Broker {
  readonly connectionPool: {
    send<T>(order: {
      request: unknown
      response: { decode(body: Buffer): Promise<T>; parse(decoded: T): Promise<T> }
      requestTimeout?: number
    }): Promise<T>
  }
  isConnected(): boolean
  connect(): Promise<void>
  listOffsets(order: {
    isolationLevel: number
    topics: readonly {
      topic: string
      partitions: readonly { partition: number; timestamp: number }[]
    }[]
  }): Promise<{
    responses: readonly {
      topic: string
      partitions: readonly { partition: number; offset: string; errorCode: number }[]
    }[]
  }>
}

export interface FetchOrder {
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: number
      readonly maxBytes: number
    }[]
  }[]
}

const load = createRequire(import.meta.url)
mendConnections(load('kafkajs/src/network/connection') as { prototype: Connection })
const fetchRequest = load('kafkajs/src/protocol/requests/fetch/v11/request') as (order: object) => object

/** A Fetch (version 11) of committed records, as kafkajs' connections take it. */
export const fetchCommitted = (order: FetchOrder): object =>
  fetchRequest({ ...order, replicaId: -1, isolationLevel: 1 })

/** Retries are ours, where it is known what the work is worth; kafkajs tries a few times in one second. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 500 }

export function clients(settings: KafkaSettings): Clients {
  const options = {
    ...kafkajsOptions(settings, tokenSource(settings)),
    retry: RETRY,
    logLevel: kafkajs.logLevel.NOTHING,
  }
  const kafka: Kafka = new kafkajs.Kafka(options as ConstructorParameters<typeof Kafka>[0])
  return {
    admin: () => kafka.admin({ retry: RETRY }),
    consumer: config => kafka.consumer(config),
    cluster: () => makeCluster(kafka),
  }
}

/** kafkajs makes clusters itself, under a symbol of its own. */
function makeCluster(kafka: Kafka): Cluster {
  const maker = Object.getOwnPropertySymbols(kafka).find(
    s => s.description === 'private:Kafka:createCluster',
  )!
  const make = (kafka as unknown as Record<symbol, (o: object) => Cluster>)[maker]!
  return make({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, isolationLevel: 1 })
}
