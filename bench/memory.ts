import { rmSync } from 'node:fs'
import { Engine } from '../engine/runtime/engine.ts'
import { openStores } from '../engine/runtime/stores.ts'
import { app as make } from '../stratum.ts'
import { engineOptions, standard } from '../test/support/engine.ts'
import { peakMemory } from './peak.ts'
import { shifted } from './shifted.ts'

/**
 * Peak anonymous memory of an ingest of the export TIMES over.
 * Usage: memory.js EXPORT DIR TIMES. Prints {"events", "seconds", "peakMiB"}.
 */
const [path, dir, times] = process.argv.slice(2) as [string, string, string]
const peakMiB = peakMemory(50)

rmSync(dir, { recursive: true, force: true })
const begun = performance.now()
const stores = await openStores(
  make(standard),
  engineOptions(dir, { cut: { rows: 50_000, bytes: 8 << 20, ms: 500 } }),
)
const engine = new Engine(stores)
await engine.start()
const { signal } = new AbortController()
const { read } = await engine.sync({
  source: shifted(Number(times)),
  config: { path },
  tenant: 'demo',
  clockMode: 'event',
  signal,
})
await engine.drain()
await engine.stop()
await stores.close()
const peak = peakMiB()
const seconds = (performance.now() - begun) / 1000
process.stdout.write(`${JSON.stringify({ events: read, seconds, peakMiB: peak })}\n`)
