import type { Consumer } from 'kafkajs'
import type { Clients } from '../../log/kafka/client/kafkajs.ts'
import { groupAssigner } from './assigner.ts'

export interface MemberOptions {
  readonly clients: Clients
  /** The topic that has a partition for each group, and nothing in it. */
  readonly topic: string
  readonly consumerGroup: string
  readonly groups: number
  /** Groups this worker has at the moment. */
  readonly held: () => readonly number[]
  /** Called with every deal, also when it is the same as before. */
  readonly onDealt: (groups: readonly number[]) => void
  readonly onTrouble: (error: unknown) => void
  readonly sessionMs?: number | undefined
}

/**
 * Membership among the workers: Kafka's group protocol deals out whole groups of partitions, in the shape of the
 * partitions of an empty topic. It only says who should own what; that an owner before can do no harm is the
 * transactions' doing.
 */
export class Member {
  readonly #o: MemberOptions
  #consumer: Consumer | null = null
  #stopped = false
  #turn: Promise<void> = Promise.resolve()

  constructor(options: MemberOptions) {
    this.#o = options
  }

  join(): Promise<void> {
    return this.#next(() => this.#join())
  }

  /** Leaves and joins: an owner that was fenced may begin anew only when it is dealt its groups anew. */
  rejoin(): Promise<void> {
    return this.#next(async () => {
      await this.#leave()
      await this.#join()
    })
  }

  /** The others are dealt what this one had, at once. */
  leave(): Promise<void> {
    this.#stopped = true
    return this.#next(() => this.#leave())
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => {}).then(work)
    return this.#turn
  }

  async #join(): Promise<void> {
    if (this.#stopped) return
    const { clients, topic, consumerGroup, onDealt, onTrouble, sessionMs = 10_000 } = this.#o
    const consumer = clients.consumer({
      groupId: consumerGroup,
      partitionAssigners: [groupAssigner(this.#o)],
      sessionTimeout: sessionMs,
      rebalanceTimeout: Math.max(15_000, sessionMs),
      heartbeatInterval: Math.min(1_000, sessionMs / 3),
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: {
        retries: 20,
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        restartOnFailure: async () => !this.#stopped,
      },
    })
    this.#consumer = consumer
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (this.#consumer === consumer) onDealt(payload.memberAssignment[topic] ?? [])
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => onTrouble(payload.error))
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = null
    await consumer?.disconnect().catch(() => {})
  }
}
