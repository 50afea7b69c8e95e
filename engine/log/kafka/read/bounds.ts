import { setTimeout as sleep } from 'node:timers/promises'
import { StratumError } from '../../../errors.ts'
import type { Bounds } from '../../port.ts'
import type { Cluster } from '../client/kafkajs.ts'
import { LazyCluster } from '../client/lazy.ts'
import { faultOf, troubleOf } from './fault.ts'

/** What was heard lately is not asked for again. */
const FRESH_MS = 50
const [EARLIEST, LATEST] = [-2, -1]
/** Kafka's isolation levels: where transactions that are not decided begin, or behind them. */
const [UNCOMMITTED, COMMITTED] = [0, 1]
/** An outage is waited out this long before the question fails. */
const TRIES = 40

/** First and next offset of partitions, as a reader of committed records sees them. */
export class Bounder {
  readonly #cluster: LazyCluster
  readonly #heard = new Map<string, Bounds & { at: number }>()

  constructor(make: () => Cluster) {
    this.#cluster = new LazyCluster(make)
  }

  heard(topic: string, partition: number, start: number, end: number): void {
    this.#heard.set(`${topic}/${partition}`, { start, end, at: performance.now() })
  }

  async get(topic: string, partition: number): Promise<Bounds> {
    const heard = this.#heard.get(`${topic}/${partition}`)
    if (heard && performance.now() - heard.at < FRESH_MS) return { start: heard.start, end: heard.end }
    return this.ask(topic, partition)
  }

  /** @throws STORE_UNAVAILABLE after a while, TOPIC_UNKNOWN, STORE_REFUSED */
  async ask(topic: string, partition: number): Promise<Bounds> {
    const [start, end] = await this.#patiently(() =>
      Promise.all([this.#offset(topic, partition, EARLIEST), this.#offset(topic, partition, LATEST)]),
    )
    this.heard(topic, partition, start, end)
    return { start, end }
  }

  /**
   * Where the next record will lie: behind what is written in transactions that are still open, too.
   * @throws as `ask`
   */
  written(topic: string, partition: number): Promise<number> {
    return this.#patiently(() => this.#offset(topic, partition, LATEST, UNCOMMITTED))
  }

  async #patiently<T>(question: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await question()
      } catch (error) {
        const trouble = troubleOf(error)
        if (trouble.code !== 'STORE_UNAVAILABLE' || attempt >= TRIES) throw trouble
        await sleep(Math.min(1_000, 20 * 2 ** Math.min(attempt, 6)))
        await (await this.#cluster.get().catch(() => null))?.refreshMetadata().catch(() => {})
      }
  }

  async #offset(
    topic: string,
    partition: number,
    timestamp: number,
    isolationLevel = COMMITTED,
  ): Promise<number> {
    const cluster = await this.#cluster.get()
    let found = leaderOf(cluster, topic, partition)
    if (found === undefined) {
      await cluster.addMultipleTargetTopics([topic])
      // A topic that has grown is known already, as it was.
      if (leaderOf(cluster, topic, partition) === undefined) await cluster.refreshMetadata()
      found = leaderOf(cluster, topic, partition)
    }
    if (found === undefined) throw faultOf(3, { topic, partition })
    if (found < 0) throw faultOf(5, { topic, partition })
    const broker = await cluster.findBroker({ nodeId: String(found) })
    if (!broker.isConnected()) await broker.connect()
    const { responses } = await broker.listOffsets({
      isolationLevel,
      topics: [{ topic, partitions: [{ partition, timestamp }] }],
    })
    const answer = responses[0]?.partitions[0]
    if (answer?.errorCode !== 0) throw faultOf(answer?.errorCode ?? 5, { topic, partition })
    return Number(answer.offset)
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }
}

function leaderOf(cluster: Cluster, topic: string, partition: number): number | undefined {
  try {
    return cluster.findTopicPartitionMetadata(topic).find(p => p.partitionId === partition)?.leader
  } catch (error) {
    if ((error as Error).name === 'KafkaJSTopicMetadataNotLoaded') return undefined
    throw new StratumError('STORE_UNAVAILABLE', (error as Error).message, { cause: error })
  }
}
