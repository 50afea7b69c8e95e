import { tickKind } from '../clock/tick.ts'
import { Codec } from '../codec/codec.ts'
import { ConfluentRegistry } from '../codec/registry/confluent.ts'
import { EmbeddedRegistry } from '../codec/registry/embedded.ts'
import type { SchemaRegistry } from '../codec/registry/port.ts'
import { type ConnectStores, openConnect } from '../connect/open.ts'
import { deadLetterKind } from '../deadletter/dead-letter.ts'
import { Repairs } from '../deadletter/repairs.ts'
import type { EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import { Generations } from '../sink/generations.ts'
import { type Limiter, limiterOfProcess } from '../source/limits/limiter.ts'
import { SharedLimiter } from '../source/limits/shared.ts'
import { rawKind } from '../source/raw.ts'
import { syncKind } from '../source/sync.ts'
import { type Bases, Layout } from '../stage/layout.ts'
import type { Application } from '../stage/topology.ts'
import { openCache } from '../store/cache/open.ts'
import type { Cache } from '../store/cache/port.ts'
import { openCatalogue } from '../store/catalogue/open.ts'
import type { Catalogue } from '../store/catalogue/port.ts'
import { once } from '../store/once.ts'
import type { Warehouse } from '../store/warehouse.ts'
import { Gates } from './gates.ts'
import { keepLayout } from './layout-kept.ts'
import { groupsOf, openLog } from './open-log.ts'
import type { EngineOptions } from './options.ts'

export const LAYOUT_TOPIC = 'stratum.layout'

/** The stores of a data directory, opened. What reads without running (tap, lag, verify) needs no more. */
export interface Stores {
  readonly app: Application
  readonly options: EngineOptions
  readonly log: EventLog
  readonly registry: SchemaRegistry
  readonly codec: Codec
  readonly layout: Layout
  /** Groups of partitions, each with one owner. */
  readonly groups: number
  readonly gates: Gates
  readonly generations: Generations
  readonly repairs: Repairs
  /** Makes the partitions dealt to writing folds permanent. */
  keepLayout(): Promise<void>
  /** Opened at the first call; every call is a connection of its own. */
  warehouse(): Promise<Warehouse>
  /** Opened at the first call: embedded, it takes a second, and several when it is made. One for all. */
  catalogue(): Promise<Catalogue>
  /** What tenants have connected; opens the catalogue. */
  connect(): Promise<ConnectStores>
  /** Opened at the first call. One for all. */
  cache(): Promise<Cache>
  /** Keeps platforms' rate limits: for all processes on one cache, or for this one. */
  limiter(): Promise<Limiter>
  close(): Promise<void>
}

export function kindsOf(app: Application) {
  const kinds = [tickKind, syncKind, deadLetterKind, ...app.topics.flatMap(t => t.kinds)]
  for (const source of app.sources)
    for (const stream of source.streams) kinds.push(rawKind(source.id, stream))
  return [...new Map(kinds.map(k => [k.name, k])).values()]
}

export async function openStores(app: Application, options: EngineOptions): Promise<Stores> {
  let known: Layout | undefined
  const log = await openLog(app, options, () => known!)
  const opened: Warehouse[] = []
  const catalogue = once(() => openCatalogue(options.dataDir, options.catalogue))
  const connect = once(async () => {
    const opened = openConnect(await catalogue.get(), options.secretKeys, options.clock)
    // A process that was killed left its locks: on a directory of ours alone nobody has to wait until they end.
    if (options.catalogue?.url === undefined && options.kafka === undefined) await opened.locks.clear()
    return opened
  })
  const cache = once(() => openCache(options.cache))
  const limiter = once(async () => {
    // Only a cache that others use too has something to share.
    const windows = options.cache?.url === undefined ? null : (await cache.get()).windows
    return windows === null ? limiterOfProcess : new SharedLimiter(windows)
  })
  try {
    const dealt = await LogTable.open<number>(log, LAYOUT_TOPIC)
    const layoutOf = (known: Bases) => new Layout(app, options.partitions, options.retentionMs, known)
    const layout = layoutOf(dealt.rows)
    known = layout
    const registry = options.registry
      ? await ConfluentRegistry.open(log, options.registry)
      : await EmbeddedRegistry.open(log)
    const codec = new Codec(registry)
    const gates = await Gates.open(log)
    const generations = await Generations.open(log)
    const repairs = await Repairs.open(log)
    return {
      app,
      options,
      log,
      registry,
      codec,
      layout,
      groups: groupsOf(options),
      gates,
      generations,
      repairs,
      keepLayout: () => keepLayout(dealt, layout, layoutOf),
      async warehouse() {
        const { openChdb, openClickHouse } = await import('../store/clickhouse.ts')
        const { url, ...how } = options.warehouse
        const made = url ? openClickHouse({ url, ...how }) : await openChdb(options.dataDir, how.database)
        opened.push(made)
        return made
      },
      catalogue: () => catalogue.get(),
      connect: () => connect.get(),
      cache: () => cache.get(),
      limiter: () => limiter.get(),
      async close() {
        await (await catalogue.made())?.close()
        await (await cache.made())?.close()
        for (const w of opened) await w.close()
        await registry.close()
        await log.close()
      },
    }
  } catch (error) {
    await log.close()
    throw error
  }
}
