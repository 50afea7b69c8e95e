import { rmSync } from 'node:fs'
import { runConnection } from '../../engine/runtime/connection.ts'
import { kindsOf, openStores } from '../../engine/runtime/stores.ts'
import { rawTopic } from '../../engine/stage/layout.ts'
import { engineOptions } from '../../test/support/engine.ts'
import { peakMemory } from '../peak.ts'
import { sources } from './sources.ts'

/**
 * One sync into a log of its own, as `stratum ingest` reads: a thread, the encoding, a commit a batch. No stage runs.
 * Usage: to-log.js DIR SOURCE CONFIG. Prints {"records", "seconds", "cpu", "peakMiB"}; the memory is anonymous, as
 * LMDB's map counts as resident.
 */
const [dir, id, config] = process.argv.slice(2) as [string, string, string]
const peakMiB = peakMemory(20)

rmSync(dir, { recursive: true, force: true })
const sourcesModule = new URL('sources.js', import.meta.url).href
const app = { sources, sourcesModule, topics: [], tasks: [], tables: [] }
const stores = await openStores(app, engineOptions(dir))
for (const kind of kindsOf(app)) await stores.codec.register(kind)
for (const topic of stores.layout.topics) await stores.log.ensureTopic(topic)
const begun = performance.now()
const before = process.cpuUsage()
await runConnection(stores, {
  source: sources.find(source => source.id === id)!,
  config: JSON.parse(config),
  tenant: 'bench',
  clockMode: 'event',
  signal: new AbortController().signal,
})
const seconds = (performance.now() - begun) / 1000
const { user, system } = process.cpuUsage(before)
const peak = peakMiB()

// What counts is what is there.
let records = 0
for (let p = 0; p < stores.layout.partitions(rawTopic(id)); p++) {
  const { start, end } = await stores.log.bounds(rawTopic(id), p)
  records += end - start
}
await stores.close()
const figures = { records, seconds, cpu: (user + system) / 1e6, peakMiB: peak }
process.stdout.write(`${JSON.stringify(figures)}\n`)
