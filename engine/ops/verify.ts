import type { Reader } from '../codec/codec.ts'
import { lettersOf } from '../deadletter/letters.ts'
import type { Stores } from '../runtime/stores.ts'
import { sinkGroup } from '../sink/inserter.ts'
import { roleOf } from '../sink/row.ts'
import type { TableSpec } from '../sink/table.ts'
import { topicName } from '../stage/layout.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Operation } from './operation.ts'
import { keptFrom, pastRetention } from './retention.ts'

/** What the comparison of a table with the log found. */
export interface Verdict {
  readonly table: string
  /** Records of the log, up to where the sink has come, that have to be rows or dead letters; not those whose rows the warehouse has dropped for their age. */
  records: number
  rows: number
  dead_letters: number
  /** In the log, neither a row nor a dead letter. */
  lost: number
  /** More than once a row, more than once a dead letter, or both. */
  doubled: number
  /** Rows of no such record. */
  alien: number
  /** Rows whose records have gone with their retention: nothing to compare them with. */
  older: number
  /** The first offsets found wrong. */
  readonly examples: string[]
}

const AT_ONCE = 100_000
const EXAMPLES = 5

/**
 * Compares sets, table by table and partition by partition: offsets of the records that fill a table = offsets of
 * its rows ∪ of its dead letters, none twice. Offsets have gaps, so nothing is ever computed from their differences.
 * Compared up to where the sink has committed; memory is bounded by a run of offsets and by the dead letters.
 */
export const verify: Operation = async function* (context) {
  const { stores } = context
  const warehouse = await context.warehouse()
  for (const table of stores.app.tables) yield await verifyTable(stores, warehouse, table)
}

async function verifyTable(stores: Stores, warehouse: Warehouse, table: TableSpec): Promise<Verdict> {
  const { log, layout, options } = stores
  const topic = topicName(table.from.topic)
  const verdict: Verdict = {
    table: table.name,
    records: 0,
    rows: 0,
    dead_letters: 0,
    lost: 0,
    doubled: 0,
    alien: 0,
    older: 0,
    examples: [],
  }
  // A start that was cut short had not come to it: nothing has been written that could be wrong.
  if (!(await log.topics()).some(t => t.name === topic)) return verdict
  const letters = await refusals(stores, table)
  const reader = stores.codec.reader()
  const kept = await keptFrom(stores, warehouse)
  const partitions = layout.partitions(topic)
  for (let partition = 0; partition < partitions; partition++) {
    const { start } = await log.bounds(topic, partition)
    const begin = Math.max(start, stores.generations.begin(table, partition))
    const end = (await log.position(sinkGroup(table.name), topic, partition)) ?? begin
    await verifyPartition({
      stores,
      warehouse,
      reader,
      kept,
      table,
      topic,
      partition,
      begin,
      end,
      verdict,
      letters: letters.get(partition) ?? new Map(),
    })
  }
  const [strays] = await warehouse.query<{ n: number }>(
    `SELECT count() AS n FROM ${options.warehouse.database}.${table.name} WHERE _topic != {topic:String} OR _partition >= {partitions:UInt32}`,
    { topic, partitions },
  )
  note(
    verdict,
    'alien',
    Number(strays!.n),
    `rows of another topic or partition than ${topic}/0-${partitions - 1}`,
  )
  return verdict
}

/** How often each record was refused, by partition and offset, in the filling of the table that is in force. */
async function refusals(
  { log, codec, generations }: Stores,
  table: TableSpec,
): Promise<Map<number, Map<number, number>>> {
  const found = new Map<number, Map<number, number>>()
  const topic = topicName(table.from.topic)
  for await (const { stage, origin_topic, origin_partition, origin_offset, generation } of lettersOf(
    log,
    codec,
  )) {
    if (stage !== table.name || origin_topic !== topic || origin_partition === null || origin_offset === null)
      continue
    if (generation !== generations.generation(table)) continue
    const offsets = found.get(origin_partition) ?? new Map<number, number>()
    found.set(origin_partition, offsets)
    offsets.set(origin_offset, (offsets.get(origin_offset) ?? 0) + 1)
  }
  return found
}

interface Part {
  readonly stores: Stores
  readonly warehouse: Warehouse
  readonly reader: Reader
  /** See `keptFrom`. */
  readonly kept: number
  readonly table: TableSpec
  readonly topic: string
  readonly partition: number
  readonly begin: number
  readonly end: number
  readonly verdict: Verdict
  readonly letters: ReadonlyMap<number, number>
}

async function verifyPartition(part: Part): Promise<void> {
  const { stores, reader, topic, partition, begin, end, table, verdict } = part
  const replaced = stores.repairs.replacedRows(table.name, topic, partition)
  let expected = new Set<number>()
  let from = begin
  for (let at = begin; at < end; ) {
    const batch = await stores.log.read(topic, partition, at)
    if (!batch) break
    await reader.ready(batch.records)
    for (const record of batch.records)
      if (record.offset < end && roleOf(table, reader, record, replaced) !== 'other')
        expected.add(record.offset)
    at = Math.min(batch.next, end)
    if (expected.size < AT_ONCE) continue
    await compare(part, expected, from, at)
    expected = new Set()
    from = at
  }
  if (from < end) await compare(part, expected, from, end)
  // What lies beyond the sink's position may be a cut under way, but never beyond the end of the log.
  const { end: logEnd } = await stores.log.bounds(topic, partition)
  const beyond = await count(part, 'AND _offset >= {from:UInt64}', { from: logEnd })
  note(verdict, 'alien', beyond, `${topic}/${partition}: rows beyond the end of the log, ${logEnd}`)
  verdict.older += await count(part, 'AND _offset < {from:UInt64}', { from: begin })
}

async function count(
  { stores, warehouse, table, topic, partition }: Part,
  where: string,
  params: Record<string, unknown>,
): Promise<number> {
  const [row] = await warehouse.query<{ n: number }>(
    `SELECT count() AS n FROM ${stores.options.warehouse.database}.${table.name} WHERE _topic = {topic:String} AND _partition = {partition:UInt32} ${where}`,
    { topic, partition, ...params },
  )
  return Number(row!.n)
}

/** One run of offsets, [from, to). */
async function compare(part: Part, expected: ReadonlySet<number>, from: number, to: number): Promise<void> {
  const { stores, warehouse, reader, kept, table, topic, partition, letters, verdict } = part
  const rows = await warehouse.query<{ o: number; n: number }>(
    `SELECT _offset AS o, count() AS n FROM ${stores.options.warehouse.database}.${table.name} WHERE _topic = {topic:String} AND _partition = {partition:UInt32} AND _offset >= {from:UInt64} AND _offset < {to:UInt64} GROUP BY o`,
    { topic, partition, from, to },
  )
  const there = new Map(rows.map(({ o, n }) => [Number(o), Number(n)]))
  for (const [offset, n] of there) {
    verdict.rows += n
    if (!expected.has(offset))
      note(verdict, 'alien', n, `${topic}/${partition}@${offset}: a row of no such record`)
  }
  for (const offset of expected) {
    const refused = letters.get(offset) ?? 0
    const times = (there.get(offset) ?? 0) + refused
    if (times === 0 && (await pastRetention(stores.log, reader, table, kept, { topic, partition, offset })))
      continue
    verdict.records++
    verdict.dead_letters += refused
    if (times === 0)
      note(verdict, 'lost', 1, `${topic}/${partition}@${offset}: neither a row nor a dead letter`)
    if (times > 1)
      note(
        verdict,
        'doubled',
        times - 1,
        `${topic}/${partition}@${offset}: ${there.get(offset) ?? 0} rows and ${refused} dead letters`,
      )
  }
}

function note(verdict: Verdict, what: 'lost' | 'doubled' | 'alien', n: number, example: string): void {
  if (n === 0) return
  verdict[what] += n
  if (verdict.examples.length < EXAMPLES) verdict.examples.push(example)
}
