import { type Lag, lagOf, lagSeconds } from '../runtime/lag.ts'
import type { Stores } from '../runtime/stores.ts'
import type { Operation } from './operation.ts'

export interface PartitionLag extends Lag {
  /** Stages of a task, in a row; null of a table. */
  readonly stages: readonly string[] | null
  /** Age of the oldest record to be read; 0 when there is none. */
  readonly lag_seconds: number
}

export async function measuredLag(stores: Stores): Promise<PartitionLag[]> {
  const now = stores.options.clock()
  const rows: PartitionLag[] = []
  for (const row of await lagOf(stores)) {
    const task = row.kind === 'task' ? stores.app.tasks.find(t => t.name === row.reader) : undefined
    const stages = task?.stages.map(s => s.name) ?? null
    rows.push({ ...row, stages, lag_seconds: await lagSeconds(stores.log, row, now) })
  }
  return rows
}

/** How far behind each task and table is: a row an input topic or, with `partitions`, a row a partition. */
export const lag: Operation = async ({ stores }, args) => {
  const rows = await measuredLag(stores)
  const named = ({ kind, reader, stages, topic }: PartitionLag) => ({ kind, name: reader, stages, topic })
  if (args.partitions === true)
    return rows.map(row => {
      const { partition, position, end, lag, lag_seconds, paused } = row
      return { ...named(row), partition, position, end, lag, lag_seconds, paused }
    })
  const heads = rows.filter(row => row.partition === 0)
  return heads.map(head => {
    const group = rows.filter(
      row => row.kind === head.kind && row.reader === head.reader && row.topic === head.topic,
    )
    return {
      ...named(head),
      partitions: group.length,
      lag: group.reduce((sum, row) => sum + row.lag, 0),
      lag_seconds: Math.max(...group.map(row => row.lag_seconds)),
      paused: head.paused,
    }
  })
}
