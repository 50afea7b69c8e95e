import type { Reader } from '../codec/codec.ts'
import type { EventLog, StoredRecord } from '../log/port.ts'
import { topicName } from '../stage/layout.ts'
import { type Args, countArg, textArg, unknownName, usage } from './args.ts'
import type { Operation } from './operation.ts'
import { passing } from './passing.ts'
import { belongsTo, shownRecord } from './shown-record.ts'

/**
 * Decoded records of a topic: from a place on and, where an engine or workers may run, as they come. Nobody's position moves.
 * Arguments: `topic` (short or full), `tenant`, `partition`, `from` (`earliest`, `latest` or an offset), `count`,
 * `follow` (false: not beyond what is there now).
 */
export const tap: Operation = async function* tap({ stores, engine }, args, signal) {
  const { log, codec, options } = stores
  const topic = await topicOf(log, textArg(args, 'topic') ?? '')
  const from = await positions(log, topic, args)
  const tenant = textArg(args, 'tenant')
  const count = countArg(args, 'count') ?? Number.POSITIVE_INFINITY
  const follow = (engine !== null || options.kafka !== undefined) && args.follow !== false
  const reader = codec.reader()
  let shown = 0
  if (count === 0) return
  for await (const { partition, record } of passing(log, topic, from, follow, signal)) {
    if (tenant !== undefined && belongsTo(record) !== tenant) continue
    await reader.ready([record])
    yield row(topic, partition, record, reader)
    if (++shown === count) return
  }
}

async function topicOf(log: EventLog, name: string): Promise<string> {
  const names = (await log.topics()).map(t => t.name)
  for (const full of [name, topicName(name)]) if (names.includes(full)) return full
  const prefix = topicName('')
  throw unknownName(
    'topic',
    name,
    names.map(n => n.replace(prefix, '')),
  )
}

/** Where reading begins in each partition. */
async function positions(log: EventLog, topic: string, args: Args): Promise<Map<number, number>> {
  const { partitions } = (await log.topics()).find(t => t.name === topic)!
  const only = countArg(args, 'partition')
  if (only !== undefined && only >= partitions)
    throw usage(`${topic} has ${partitions} partitions: the last one is ${partitions - 1}`)
  const from = textArg(args, 'from') ?? 'earliest'
  const offset = /^\d+$/.test(from) ? Number(from) : null
  if (offset === null && from !== 'earliest' && from !== 'latest')
    throw usage(`--from is earliest, latest or an offset, not ${from}`)
  const places = new Map<number, number>()
  let last = 0
  for (let partition = 0; partition < partitions; partition++) {
    if (only !== undefined && partition !== only) continue
    const { start, end } = await log.bounds(topic, partition)
    last = Math.max(last, end)
    if (offset === null) places.set(partition, from === 'latest' ? end : start)
    // What is older has gone with its retention; a partition that is shorter has nothing to show yet.
    else places.set(partition, Math.min(Math.max(offset, start), end))
  }
  if (offset !== null && offset > last) throw usage(`offset ${offset} is past the end of ${topic}, ${last}`)
  return places
}

function row(topic: string, partition: number, record: StoredRecord, reader: Reader) {
  return { topic, partition, offset: record.offset, ...shownRecord(record, reader) }
}
