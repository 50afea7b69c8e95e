import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import type { Clients } from '../../log/kafka/client/kafkajs.ts'
import { inTurn } from '../../turns.ts'
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
  /** Between two tries to join. Milliseconds. */
  readonly pauseMs?: number | undefined
  /** How long nothing need be heard of the group. Milliseconds. */
  readonly silentMs?: number | undefined
}

/** How long a leaving consumer is waited for. Milliseconds. */
const LEAVE_MS = 10_000
/** Several heartbeats, and a time-out of a request. Milliseconds. */
const SILENT_MS = 45_000

/**
 * Membership among the workers: Kafka's group protocol deals out whole groups of partitions, in the shape of the
 * partitions of an empty topic. It only says who should own what; that an owner before can do no harm is the
 * transactions' doing.
 */
export class Member {
  readonly #o: MemberOptions
  #consumer: Consumer | null = null
  readonly #waiting: (() => void)[] = []
  readonly #stop = new AbortController()
  readonly #next = inTurn()

  constructor(options: MemberOptions) {
    this.#o = options
  }

  join(): Promise<void> {
    return this.#next(() => this.#join())
  }

  /**
   * Resolves when the group's coordinator has said, from now on, that this is a member of its present deal. An owner
   * that was fenced may begin anew only then: it might have been away, and others been dealt what it had. Where
   * nothing is heard for long, it joins anew.
   */
  async confirmed(): Promise<void> {
    const { signal } = this.#stop
    const heard = new Promise<void>(resolve => {
      this.#waiting.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const { silentMs = SILENT_MS } = this.#o
    const timer = setTimeout(() => {
      this.#o.onTrouble(new Error(`no word of the workers' group for ${silentMs / 1000} s: joining anew`))
      void this.#next(async () => {
        await this.#leave()
        await this.#join()
      })
    }, silentMs)
    await heard
    clearTimeout(timer)
  }

  #confirm(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** The others are dealt what this one had, at once. */
  leave(): Promise<void> {
    this.#stop.abort()
    return this.#next(() => this.#leave())
  }

  /** Tries until it has joined: whoever is no member is dealt nothing, and nothing would ever call it back. */
  async #join(): Promise<void> {
    while (!this.#stop.signal.aborted)
      try {
        const consumer = this.#make()
        this.#consumer = consumer
        await consumer.connect()
        await consumer.subscribe({ topic: this.#o.topic, fromBeginning: true })
        return await consumer.run({ autoCommit: false, eachBatch: async () => {} })
      } catch (error) {
        this.#o.onTrouble(error)
        await this.#leave()
        await this.#pause()
      }
  }

  #make(): Consumer {
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
        // One that kafkajs is just starting again cannot be stopped: it would stay in the group, be dealt groups and
        // do nothing for them.
        restartOnFailure: async () => false,
      },
    })
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (this.#consumer !== consumer) return
      onDealt(payload.memberAssignment[topic] ?? [])
      this.#confirm()
    })
    consumer.on(consumer.events.HEARTBEAT, () => {
      if (this.#consumer === consumer) this.#confirm()
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (this.#consumer !== consumer) return
      onTrouble(payload.error)
      void this.#next(async () => {
        if (this.#consumer !== consumer) return
        await this.#leave()
        await this.#pause()
        await this.#join()
      })
    })
    return consumer
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = null
    const left = consumer?.disconnect().catch(() => {})
    // One whose requests are never answered would be waited for for ever.
    await Promise.race([left, sleep(LEAVE_MS, undefined, { ref: false })])
  }

  #pause(): Promise<void> {
    const { pauseMs = 1_000 } = this.#o
    return sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}
