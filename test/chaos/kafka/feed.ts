/**
 * `node feed.js JSON`: the connections of all tenants, as a process that may be killed. Writes their slices into the
 * raw topics, as far as it is allowed to, and ends when all is written. With no brokers it is the whole program on an
 * embedded log and warehouse, and ends when everything is in the tables: its last line is what they hold, as JSON.
 */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../engine/errors.ts'
import { runConnection } from '../../../engine/runtime/connection.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import type { EngineOptions } from '../../../engine/runtime/options.ts'
import { kindsOf, openStores, type Stores } from '../../../engine/runtime/stores.ts'
import type { Source } from '../../../engine/source/port.ts'
import { app } from '../../../stratum.ts'
import { tableContents } from '../../support/content.ts'
import { engineOptions, listening, withSource } from '../../support/engine.ts'
import { GROUPS, PARTITIONS } from './settings.ts'
import { TENANTS } from './slices.ts'
import { type SlicesOptions, slices } from './source.ts'

export interface FeedOptions extends SlicesOptions {
  readonly dataDir: string
  readonly brokers: string | null
}

const options = JSON.parse(process.argv[2]!) as FeedOptions
function say(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`)
}

async function feed(stores: Stores, source: Source, tenant: string, signal: AbortSignal): Promise<void> {
  for (;;)
    try {
      const report = await runConnection(stores, {
        source,
        config: { path: tenant },
        tenant,
        clockMode: 'event',
        signal,
      })
      return say(`${tenant}: ${report.read} rows read to the end`)
    } catch (error) {
      // What a person or a schedule would do: begin again, from the cursor.
      say(`${tenant}: ${messageOf(error)}`)
      await sleep(500)
    }
}

async function overKafka(brokers: string): Promise<void> {
  const source = slices(options)
  const heard = listening()
  const stores = await openStores(withSource(app, source), {
    ...engineOptions(options.dataDir, {
      partitions: PARTITIONS,
      observer: { ...heard, outage: (where, error) => say(`${where}: ${messageOf(error)}`) },
    }),
    kafka: {
      connection: { brokers: [brokers], clientId: 'feeder' },
      groups: GROUPS,
      replication: 1,
      minInsync: 1,
      commitMs: 100,
      compression: 'none',
    },
  })
  for (const kind of kindsOf(stores.app)) await stores.codec.register(kind)
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  say('ready')
  await Promise.all(TENANTS.map(tenant => feed(stores, source, tenant, signal)))
  say('fed')
  await stores.close()
}

async function embedded(): Promise<void> {
  const source = slices(options)
  const more: Partial<EngineOptions> = { partitions: PARTITIONS }
  const stores = await openStores(withSource(app, source), engineOptions(options.dataDir, more))
  const engine = new Engine(stores)
  await engine.start()
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  await Promise.race([
    Promise.all(TENANTS.map(tenant => feed(stores, source, tenant, signal))),
    engine.failure,
  ])
  await engine.drain()
  const contents = await tableContents(await stores.warehouse(), stores.app)
  await engine.stop()
  await stores.close()
  process.stdout.write(`${JSON.stringify(contents)}\n`)
}

try {
  await (options.brokers === null ? embedded() : overKafka(options.brokers))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exit(1)
}
