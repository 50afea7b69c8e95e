import type { Admin } from 'kafkajs'
import { StratumError } from '../../errors.ts'
import { TRANSACTION_TIMEOUT_MS } from './write/rdkafka.ts'

/** What is asked of a cluster before anything relies on it. */
export interface Cluster {
  readonly brokers: number
  /** Settings of a broker by name; empty where this user may not ask for them. */
  readonly settings: ReadonlyMap<string, string>
  /** Replicas of a topic's partitions (the fewest) and how many must have a record; only topics that are there. */
  readonly topics: readonly { readonly name: string; readonly replicas: number; readonly minInsync: number }[]
}

export interface Wishes {
  readonly replication: number
  readonly minInsync: number
}

export interface Fitness {
  /** Nothing can be written exactly once. */
  readonly refused: readonly string[]
  /** It can, until something happens. */
  readonly weak: readonly string[]
}

const BROKER = 4
const TOPIC = 2
const TRANSACTIONS = '__transaction_state'

/** What of exactly once a cluster cannot give, and what it gives only as long as no broker dies. */
export function judge({ brokers, settings, topics }: Cluster, { replication, minInsync }: Wishes): Fitness {
  const refused: string[] = []
  const weak: string[] = []
  const number = (name: string) => (settings.has(name) ? Number(settings.get(name)) : undefined)

  const log = topics.find(t => t.name === TRANSACTIONS)
  const replicas = log?.replicas ?? number('transaction.state.log.replication.factor')
  const inSync = log?.minInsync ?? number('transaction.state.log.min.isr')
  if (log === undefined && replicas !== undefined && replicas > brokers)
    refused.push(
      `transactions cannot be had: transaction.state.log.replication.factor is ${replicas} and the cluster has ${count(brokers, 'broker')} (set it to ${brokers} on the brokers, and transaction.state.log.min.isr with it)`,
    )
  else if (inSync !== undefined && inSync > Math.min(replicas ?? brokers, brokers))
    refused.push(
      `transactions cannot be had: transaction.state.log.min.isr is ${inSync}, and there are ${count(Math.min(replicas ?? brokers, brokers), 'replica')} at most (set it lower on the brokers)`,
    )
  const longest = number('transaction.max.timeout.ms')
  if (longest !== undefined && longest < TRANSACTION_TIMEOUT_MS)
    refused.push(
      `transaction.max.timeout.ms is ${longest}, and transactions here may take ${TRANSACTION_TIMEOUT_MS} (raise it on the brokers)`,
    )
  if (minInsync > replication)
    refused.push(
      `kafka.minInsync is ${minInsync} and kafka.replication ${replication}: nothing could ever be written`,
    )
  for (const { name, replicas, minInsync } of topics)
    if (name !== TRANSACTIONS && minInsync > replicas)
      refused.push(
        `topic ${name} has ${count(replicas, 'replica')} and min.insync.replicas ${minInsync}: nothing can be written to it`,
      )

  if (brokers > 1) {
    const single = topics.filter(t => t.name !== TRANSACTIONS && t.replicas === 1).map(t => t.name)
    if (replication === 1)
      weak.push('kafka.replication is 1: a broker that is lost takes records with it (set 3)')
    else if (single.length > 0)
      weak.push(`a broker that is lost takes records with it: one replica each have ${some(single)}`)
    if (replicas === 1)
      weak.push(
        'the log of transactions has one replica (transaction.state.log.replication.factor): a broker that is lost takes with it which transactions are committed',
      )
  }
  const loose = topics.filter(t => t.replicas > 1 && t.minInsync < 2).map(t => t.name)
  if (replication > 1 && minInsync < 2)
    weak.push(
      'kafka.minInsync is 1: a broker that dies may take records with it that were acknowledged (set 2)',
    )
  else if (loose.length > 0)
    weak.push(`min.insync.replicas is 1: a broker that dies may take acknowledged records of ${some(loose)}`)
  if (replication > 1 && minInsync === replication)
    weak.push(
      `kafka.minInsync equals kafka.replication (${replication}): while one broker is away nothing can be written`,
    )
  if (settings.get('auto.create.topics.enable') === 'true')
    weak.push(
      'auto.create.topics.enable is true: a topic that somebody deletes comes back empty and with other settings, and nobody is told (set it to false on the brokers)',
    )
  return { refused, weak }
}

/** Asks the cluster; what this user may not know stays unknown. */
export async function inspect(admin: Admin, namespace: string): Promise<Cluster> {
  const { brokers } = await admin.describeCluster()
  const settings = new Map<string, string>()
  const names = (await known(admin.listTopics())) ?? []
  const own = names.filter(name => name.startsWith(namespace) || name === TRANSACTIONS)
  const [{ topics: described } = { topics: [] }, broker, configs] = await Promise.all([
    known(admin.fetchTopicMetadata({ topics: own })),
    known(
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: BROKER, name: String(brokers[0]!.nodeId) }],
      }),
    ),
    known(
      admin.describeConfigs({
        includeSynonyms: false,
        resources: own.map(name => ({ type: TOPIC, name, configNames: ['min.insync.replicas'] })),
      }),
    ),
  ])
  for (const { configName, configValue } of broker?.resources[0]?.configEntries ?? [])
    settings.set(configName, configValue)
  const topics = (described ?? []).flatMap(({ name, partitions }) => {
    const entry = configs?.resources.find(r => r.resourceName === name)?.configEntries[0]
    if (entry === undefined || partitions.length === 0) return []
    const replicas = Math.min(...partitions.map(p => p.replicas.length))
    return [{ name, replicas, minInsync: Number(entry.configValue) }]
  })
  return { brokers: brokers.length, settings, topics }
}

/** @throws CONFIG_INVALID with all that is refused; what is weak comes back */
export async function mustFit(admin: Admin, namespace: string, wishes: Wishes): Promise<readonly string[]> {
  const { refused, weak } = judge(await inspect(admin, namespace), wishes)
  if (refused.length > 0)
    throw new StratumError(
      'CONFIG_INVALID',
      `This Kafka cluster cannot give exactly once: ${refused.join('; ')}.`,
      { details: refused },
    )
  return weak
}

/** Answers that a user may be refused. */
const known = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined)

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

const some = (names: readonly string[]) =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
