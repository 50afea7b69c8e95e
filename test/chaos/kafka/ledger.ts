import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'

/** A reader of a topic by its consumer group. */
export interface Follower {
  readonly group: string
  readonly topic: string
}

/** What has been read and what there is, as ordinary Kafka tools see it. */
export class Ledger {
  readonly #admin: Admin
  readonly #followers: readonly Follower[]

  private constructor(admin: Admin, followers: readonly Follower[]) {
    this.#admin = admin
    this.#followers = followers
  }

  static async open(bootstrap: string, followers: readonly Follower[]): Promise<Ledger> {
    const kafka = new Kafka({
      brokers: [bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { retries: 1_000, maxRetryTime: 1_000 },
    })
    const admin = kafka.admin()
    await admin.connect()
    return new Ledger(admin, followers)
  }

  /** Positions by `group topic/partition`. */
  async positions(): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const groupId of new Set(this.#followers.map(f => f.group)))
      for (const { topic, partitions } of await again(() => this.#admin.fetchOffsets({ groupId })))
        for (const { partition, offset } of partitions)
          found.set(`${groupId} ${topic}/${partition}`, Math.max(0, Number(offset)))
    return found
  }

  /** Readers that are behind, with what is left of it; empty when all is read. */
  async behind(): Promise<string[]> {
    const topics = [...new Set(this.#followers.map(f => f.topic))]
    const positions = await this.positions()
    // After the positions: nobody can have read more than there is now.
    const ends = new Map<string, number>()
    for (const topic of topics)
      for (const { partition, high } of await again(() => this.#admin.fetchTopicOffsets(topic)))
        ends.set(`${topic}/${partition}`, Number(high))
    const lines: string[] = []
    for (const { group, topic } of this.#followers)
      for (const [name, end] of ends)
        if (name.slice(0, name.lastIndexOf('/')) === topic) {
          const at = positions.get(`${group} ${name}`) ?? 0
          if (at < end) lines.push(`${group} ${name}: at ${at} of ${end}`)
          if (at > end) lines.push(`${group} ${name}: at ${at}, past the end ${end}`)
        }
    return lines
  }

  async topics(): Promise<{ topic: string; partition: number }[]> {
    const { topics } = await again(() => this.#admin.fetchTopicMetadata())
    return topics
      .filter(t => t.name.startsWith('stratum.'))
      .flatMap(t => t.partitions.map(p => ({ topic: t.name, partition: p.partitionId })))
  }

  /** Resolves when somebody has committed something since, or nothing is left to do; false after so long, or when `over`. */
  async progress(patienceMs: number, over: () => boolean = () => false): Promise<boolean> {
    const sum = async () => [...(await this.positions()).values()].reduce((a, b) => a + b, 0)
    const before = await sum()
    for (const until = performance.now() + patienceMs; performance.now() < until && !over(); await sleep(300))
      if ((await sum()) > before || (await this.behind()).length === 0) return true
    return false
  }

  async close(): Promise<void> {
    await this.#admin.disconnect()
  }
}

/** The broker comes and goes while it is asked. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work()
    } catch (error) {
      if (tries === 200) throw error
      await sleep(300)
    }
}
