import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import type { Entry } from '../../../engine/codec/registry/port.ts'
import type { PastLog } from '../../../engine/replay/past.ts'
import { replay } from '../../../engine/replay/replay.ts'
import { lineOf, told } from '../../../engine/replay/told.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { Layout } from '../../../engine/stage/layout.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import type { Records, Seen } from './reader.ts'
import { PARTITIONS } from './settings.ts'

const BATCH = 1_000

/** What the folds of an application make of the records of a cluster, as if they had never been disturbed. */
export async function checkReplay(app: Application, records: Records, folder: string) {
  const known = (records.get('stratum.schemas/0') ?? []).map(
    ({ value }) => JSON.parse(value!.toString()) as Entry,
  )
  const codec = new Codec(EmbeddedRegistry.inMemory(known))
  for (const kind of kindsOf(app)) await codec.register(kind)
  const layout = new Layout(app, PARTITIONS, () => undefined)
  const past = { log: pastOf(records), codec, layout }
  const bounded = { from: null, to: null }
  const { signal } = new AbortController()
  const wrong: string[] = []
  let compared = 0
  for (const task of app.tasks) {
    const scratch = mkdtempSync(join(folder, 'replay-'))
    const target = { task, stage: null }
    const how = { app, target, past, bounded, compare: true, scratch, files: null, signal }
    const { topics, difference } = await replay(how)
    rmSync(scratch, { recursive: true })
    for (const { topic, same, why } of topics) {
      compared += same
      if (why !== null) wrong.push(`${task.name}: ${topic} could not be compared: ${why}`)
    }
    if (difference)
      wrong.push(`${task.name} wrote other records than it replays: ${lineOf(await told(codec, difference))}`)
  }
  return { compared, wrong }
}

/** What librdkafka has read, as a log that every task has read to its end. */
function pastOf(records: Records): PastLog {
  const at = (topic: string, partition: number) => records.get(`${topic}/${partition}`) ?? []
  const ends = (topic: string, partition: number) => (at(topic, partition).at(-1)?.offset ?? -1) + 1
  return {
    async topics() {
      const partitions = new Map<string, number>()
      for (const place of records.keys()) {
        const [, topic, partition] = /^(.+)\/(\d+)$/.exec(place)!
        partitions.set(topic!, Math.max(partitions.get(topic!) ?? 0, Number(partition) + 1))
      }
      return Array.from(partitions, ([name, partitions]) => ({
        name,
        partitions,
        cleanup: 'delete' as const,
      }))
    },
    bounds: async (topic, partition) => ({ start: 0, end: ends(topic, partition) }),
    position: async (_, topic, partition) => ends(topic, partition),
    async read(topic, partition, from) {
      const all = at(topic, partition)
      const first = all.findIndex(({ offset }) => offset >= from)
      if (first < 0) return null
      const batch = all.slice(first, first + BATCH).map(stored)
      return { topic, partition, records: batch, next: batch.at(-1)!.offset + 1 }
    },
  }
}

const stored = ({ offset, key, value, timestamp, headers }: Seen) => ({
  offset,
  key,
  value,
  time: timestamp * 1000,
  headers,
})
