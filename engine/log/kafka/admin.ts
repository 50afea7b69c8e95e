import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, ITopicConfig } from 'kafkajs'
import { messageOf, StratumError } from '../../errors.ts'
import type { TopicSpec } from '../port.ts'
import { troubleOf } from './read/fault.ts'

/** How topics are made. */
export interface TopicDefaults {
  readonly replication: number
  readonly minInsync: number
  /** How long compacted topics keep tombstones. Milliseconds. */
  readonly tombstonesMs: number
}

/** Kafka's enumeration of what a configuration belongs to: a topic. */
const TOPIC = 2
/**
 * What brokers answer while they hear of what others do: a topic that was just made, a group that moves. kafkajs
 * asks again for a second at most, or not at all.
 */
const UNSETTLED = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])
/** How long that may take, and how long between two questions. */
const PATIENCE_MS = 20_000
const BETWEEN_MS = 100
const FOREVER = '9223372036854775807'

const same = (found: string, wanted: string) => found === wanted
const atLeast = (found: string, wanted: string) => Number(found) >= Number(wanted)
/** When a setting of a topic is as it has to be, or better. */
const MUST: Readonly<Record<string, (found: string, wanted: string) => boolean>> = {
  // `compact,delete` deletes state.
  'cleanup.policy': same,
  'message.timestamp.type': same,
  'max.message.bytes': atLeast,
  'delete.retention.ms': atLeast,
}

/** What is asked of the cluster's controller: topics, their settings, positions of groups. */
export class TopicAdmin {
  readonly #admin: Admin
  readonly #defaults: TopicDefaults
  /** Kafka has no place to keep that: as far as it was said here. */
  readonly #growable = new Set<string>()

  constructor(admin: Admin, defaults: TopicDefaults) {
    this.#admin = admin
    this.#defaults = defaults
  }

  /** Creates the topic where it is missing, and adds partitions to one that may grow; else compares. */
  async ensure(spec: TopicSpec): Promise<void> {
    if (spec.growable) this.#growable.add(spec.name)
    const [found] = await this.#listed(name => name === spec.name)
    if (!found) return this.#create(spec)
    if (found.partitions < spec.partitions && spec.growable) {
      await this.#ask(admin =>
        admin.createPartitions({ topicPartitions: [{ topic: spec.name, count: spec.partitions }] }),
      )
      return
    }
    const wrong = []
    if (found.partitions !== spec.partitions)
      wrong.push(`partitions is ${found.partitions}, this release needs ${spec.partitions}`)
    if (found.cleanup !== spec.cleanup)
      wrong.push(`cleanup is ${found.cleanup}, this release needs ${spec.cleanup}`)
    else wrong.push(...(await this.#unfit(spec)))
    if (wrong.length > 0)
      throw new StratumError(
        'TOPIC_MISMATCH',
        `Topic ${spec.name}: ${wrong.join('; ')}. Records and state are placed by partition, so their number is fixed once the topic is there: configure what is there, or use another cluster.`,
      )
    if (found.retentionMs !== spec.retentionMs || found.retentionBytes !== spec.retentionBytes)
      await this.#ask(admin =>
        admin.alterConfigs({
          validateOnly: false,
          resources: [{ type: TOPIC, name: spec.name, configEntries: this.#entries(spec) }],
        }),
      )
  }

  /** Settings that would lose records, or refuse them, with what they have to be. Others are the operator's. */
  async #unfit(spec: TopicSpec): Promise<string[]> {
    const wanted = this.#configOf(spec)
    const { resources } = await this.#ask(admin =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC, name: spec.name, configNames: Object.keys(wanted) }],
      }),
    )
    const entries = resources[0]?.configEntries ?? []
    return Object.entries(wanted).flatMap(([name, value]) => {
      const found = entries.find(e => e.configName === name)?.configValue
      const rule = MUST[name]
      if (found === undefined || rule === undefined || rule(found, value)) return []
      return [
        `${name} is ${found}, it has to be ${value}: kafka-configs --alter --add-config ${name}=${value}`,
      ]
    })
  }

  async #create(spec: TopicSpec): Promise<void> {
    const { replication } = this.#defaults
    const topic: ITopicConfig = {
      topic: spec.name,
      numPartitions: spec.partitions,
      replicationFactor: replication,
      configEntries: this.#entries(spec),
    }
    try {
      await this.#admin.createTopics({ topics: [topic], waitForLeaders: false, timeout: 20_000 })
    } catch (error) {
      const causes = (error as { errors?: readonly { type?: string }[] }).errors ?? [
        error as { type?: string },
      ]
      // Another process was there first: it asked for the same.
      if (causes.some(c => c.type === 'TOPIC_ALREADY_EXISTS')) return this.#known(spec.name)
      if (causes.some(c => c.type === 'INVALID_REPLICATION_FACTOR'))
        throw new StratumError(
          'CONFIG_INVALID',
          `Topic ${spec.name} cannot have ${replication} replicas: the cluster has fewer brokers. Set kafka.replication.`,
        )
      throw troubleOf(causes[0])
    }
    await this.#known(spec.name)
  }

  /** The controller has made it: brokers hear of it, and of its leaders, a moment later. */
  async #known(name: string): Promise<void> {
    const { topics } = await this.#ask(admin => admin.fetchTopicMetadata({ topics: [name] }))
    if (topics.some(t => t.partitions.some(p => p.leader < 0))) {
      await sleep(BETWEEN_MS)
      await this.#known(name)
    }
  }

  #entries(spec: TopicSpec): { name: string; value: string }[] {
    return Object.entries(this.#configOf(spec)).map(([name, value]) => ({ name, value }))
  }

  #configOf(spec: TopicSpec): Record<string, string> {
    const { minInsync, tombstonesMs } = this.#defaults
    return {
      'cleanup.policy': spec.cleanup,
      'min.insync.replicas': String(minInsync),
      'max.message.bytes': '4194304',
      'message.timestamp.type': 'CreateTime',
      // Records carry their ingest time, which is anything in a replay.
      'message.timestamp.before.max.ms': FOREVER,
      'message.timestamp.after.max.ms': FOREVER,
      'unclean.leader.election.enable': 'false',
      ...(spec.cleanup === 'compact'
        ? {
            'delete.retention.ms': String(tombstonesMs),
            'segment.ms': '3600000',
            'segment.bytes': '104857600',
          }
        : {
            'retention.ms': String(spec.retentionMs ?? -1),
            'retention.bytes': String(spec.retentionBytes ?? -1),
          }),
    }
  }

  /** Topics by name prefix, as they are. */
  async topics(prefix: string): Promise<TopicSpec[]> {
    return this.#listed(name => name.startsWith(prefix) && !name.startsWith('__'))
  }

  async #listed(wanted: (name: string) => boolean): Promise<TopicSpec[]> {
    const known = (await this.#ask(admin => admin.listTopics())).filter(wanted)
    if (known.length === 0) return []
    const { topics } = await this.#ask(admin => admin.fetchTopicMetadata({ topics: known }))
    const { resources } = await this.#ask(admin =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: known.map(name => ({
          type: TOPIC,
          name,
          configNames: ['cleanup.policy', 'retention.ms', 'retention.bytes'],
        })),
      }),
    )
    return topics.map(({ name, partitions }) => {
      const entries = resources.find(r => r.resourceName === name)?.configEntries ?? []
      const get = (key: string) => entries.find(e => e.configName === key)?.configValue
      const limit = (name: string, key: string) => {
        const value = Number(get(key) ?? -1)
        return value < 0 ? {} : { [name]: value }
      }
      const cleanup = get('cleanup.policy')?.includes('compact') ? 'compact' : 'delete'
      return {
        name,
        partitions: partitions.length,
        cleanup,
        ...(cleanup === 'delete'
          ? { ...limit('retentionMs', 'retention.ms'), ...limit('retentionBytes', 'retention.bytes') }
          : {}),
        ...(this.#growable.has(name) ? { growable: true } : {}),
      } as const
    })
  }

  async partitions(): Promise<Map<string, number>> {
    const names = await this.#ask(admin => admin.listTopics())
    if (names.length === 0) return new Map()
    const { topics } = await this.#ask(admin => admin.fetchTopicMetadata({ topics: names }))
    return new Map(topics.map(t => [t.name, t.partitions.length]))
  }

  /** What a consumer group has committed, or null. */
  async position(group: string, topic: string, partition: number): Promise<number | null> {
    const found = await this.#ask(admin => admin.fetchOffsets({ groupId: group, topics: [topic] }))
    const offset = found[0]?.partitions.find(p => p.partition === partition)?.offset
    return offset === undefined || Number(offset) < 0 ? null : Number(offset)
  }

  async cluster(): Promise<{ id: string; brokers: number }> {
    const { clusterId, brokers } = await this.#ask(admin => admin.describeCluster())
    return { id: clusterId, brokers: brokers.length }
  }

  async #ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    for (const until = performance.now() + PATIENCE_MS; ; await sleep(BETWEEN_MS))
      try {
        return await work(this.#admin)
      } catch (error) {
        if (UNSETTLED.has((error as { type?: string }).type ?? '') && performance.now() < until) continue
        const trouble = troubleOf(error)
        throw new StratumError(trouble.code, `${trouble.message}`, { cause: messageOf(error) })
      }
  }
}
