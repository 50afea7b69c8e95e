import { isoTime } from '../clock/iso.ts'
import type { EventLog, TopicSpec } from '../log/port.ts'
import type { Operation } from './operation.ts'

/** What there is in the log: a row a topic or, with `partitions`, a row a partition. */
export const topics: Operation = async ({ stores: { log } }, args) => {
  const specs = [...(await log.topics())].sort((a, b) => (a.name < b.name ? -1 : 1))
  const rows: unknown[] = []
  for (const spec of specs) {
    const partitions = await partitionsOf(log, spec)
    if (args.partitions === true) rows.push(...partitions.map(p => ({ topic: spec.name, ...p })))
    else rows.push(wholeTopic(spec, partitions))
  }
  return rows
}

type Partition = Awaited<ReturnType<typeof partitionsOf>>[number]

async function partitionsOf(log: EventLog, { name, partitions }: TopicSpec) {
  const rows = []
  for (let partition = 0; partition < partitions; partition++) {
    const { start, end } = await log.bounds(name, partition)
    const at = async (from: number) =>
      (await log.read(name, partition, from, { maxRecords: 1 }))?.records[0]?.time ?? null
    const [oldest, newest] = start < end ? [await at(start), await at(end - 1)] : [null, null]
    rows.push({ partition, start, end, oldest: shown(oldest), newest: shown(newest) })
  }
  return rows
}

function wholeTopic(spec: TopicSpec, partitions: readonly Partition[]) {
  const { name, cleanup, retentionMs } = spec
  const texts = (of: 'oldest' | 'newest') => partitions.flatMap(p => p[of] ?? []).sort()
  return {
    topic: name,
    partitions: spec.partitions,
    // Offsets may have gaps: what lies between them is no count.
    records_at_most: partitions.reduce((sum, { start, end }) => sum + end - start, 0),
    oldest: texts('oldest')[0] ?? null,
    newest: texts('newest').at(-1) ?? null,
    cleanup,
    retention_days: retentionMs === undefined ? null : retentionMs / 86_400_000,
  }
}

/** Tables kept in the log have no times: 0 there. */
const shown = (time: number | null) => (time ? isoTime(time) : null)
