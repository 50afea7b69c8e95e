import type { Running } from './running.ts'

/** Partitions of a topic that are of the groups a process runs at the moment. */
export function ownedOf({ stores, groups }: Pick<Running, 'stores' | 'groups'>, topic: string): number[] {
  const { layout } = stores
  const mine = new Set(groups)
  const all = Array.from({ length: layout.partitions(topic) }, (_, partition) => partition)
  return all.filter(partition => mine.has(layout.groupOf(topic, partition, stores.groups)))
}
