import { KafkaLog, type KafkaLogOptions } from '../../engine/log/kafka/log.ts'

export interface BenchLog {
  readonly log: KafkaLog
  /** Names of the writers, a group each: partition p of the input belongs to the one with p modulo their number. */
  readonly owners: readonly string[]
}

/** The engine's log for a run: its state in a topic of the run's own, its positions in the group that is watched. */
export async function openBenchLog(
  run: { readonly bootstrap: string; readonly dir: string; readonly group: string; readonly groups: number },
  more: Pick<KafkaLogOptions, 'commitMs' | 'onOutage'> = {},
): Promise<BenchLog> {
  const { bootstrap, dir, group, groups } = run
  const changelogs = Array.from({ length: groups }, (_, partition) => ({
    topic: `${group}.state`,
    partition,
    sole: `group/${partition}`,
  }))
  const log = await KafkaLog.open({
    kafka: { brokers: [bootstrap] },
    dir,
    namespace: `${group}.`,
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: name => changelogs[Number(name.split('/').at(-1)) % groups]!,
    consumerGroup: () => group,
    unseen: () => true,
    ...more,
  })
  await log.ensureTopic({ name: `${group}.state`, partitions: groups, cleanup: 'compact' })
  return { log, owners: changelogs.map(c => c.sole) }
}
