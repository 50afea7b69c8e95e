import { setTimeout as wait } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'

/** What the bench asks of the cluster. */
export class BenchAdmin {
  readonly #admin: Admin

  private constructor(admin: Admin) {
    this.#admin = admin
  }

  static async connect(bootstrap: string): Promise<BenchAdmin> {
    const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    return new BenchAdmin(admin)
  }

  async has(topic: string): Promise<boolean> {
    return (await this.#admin.listTopics()).includes(topic)
  }

  async create(topic: string, partitions: number): Promise<void> {
    const never = { name: 'retention.ms', value: '-1' }
    // Events of the bench carry the times of a fixed day.
    const anyTime = { name: 'message.timestamp.before.max.ms', value: '9223372036854775807' }
    await this.#admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries: [never, anyTime] }],
    })
    await this.#answering(topic)
  }

  /** Waits until every partition answers: the leaders may be named before they know it. */
  async #answering(topic: string): Promise<void> {
    for (const until = performance.now() + 30_000; ; await wait(50)) {
      try {
        await this.ends(topic)
        return
      } catch (error) {
        if (performance.now() > until) throw error
      }
    }
  }

  /** End of each partition. */
  async ends(topic: string): Promise<number[]> {
    const offsets = await this.#admin.fetchTopicOffsets(topic)
    return byPartition(offsets.map(({ partition, high }) => ({ partition, offset: high })))
  }

  /** What a group has committed of each partition; 0 where nothing. */
  async committed(group: string, topic: string): Promise<number[]> {
    const [found] = await this.#admin.fetchOffsets({ groupId: group, topics: [topic] })
    return byPartition(found?.partitions ?? []).map(offset => Math.max(offset, 0))
  }

  /** Deletes what a run left: topics that begin with its group's name, and the groups. */
  async forget(group: string): Promise<void> {
    const topics = (await this.#admin.listTopics()).filter(topic => topic.startsWith(group))
    if (topics.length > 0) await this.#admin.deleteTopics({ topics })
    const { groups } = await this.#admin.listGroups()
    const ours = groups.map(({ groupId }) => groupId).filter(id => id.startsWith(group))
    // A member that has just left may still be counted.
    if (ours.length > 0) await this.#admin.deleteGroups(ours).catch(() => {})
  }

  close(): Promise<void> {
    return this.#admin.disconnect()
  }
}

function byPartition(entries: readonly { partition: number; offset: string }[]): number[] {
  return [...entries].sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset))
}
