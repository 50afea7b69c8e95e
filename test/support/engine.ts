import { fixedClock } from '../../engine/clock/clock.ts'
import { loadConfig } from '../../engine/config/index.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import { type EngineOptions, type Observer, silent } from '../../engine/runtime/options.ts'
import { openStores, type Stores } from '../../engine/runtime/stores.ts'
import type { Source, SourceConfig } from '../../engine/source/port.ts'
import type { SyncReport } from '../../engine/source/sync-run.ts'
import type { Application, StageSettings } from '../../engine/stage/topology.ts'

/** The settings of a release with nothing configured: what an application is made with. */
export const standard: StageSettings = loadConfig({ env: {} })

/** Options of an engine on a folder, with the clock at noon of 2026-01-15. */
export function engineOptions(dataDir: string, more: Partial<EngineOptions> = {}): EngineOptions {
  return {
    dataDir,
    partitions: { raw: 2, facts: 2, persons: 4 },
    durability: 'process',
    retentionMs: () => undefined,
    warehouse: { database: 'stratum', retentionYears: 10 },
    cut: { rows: 50_000, bytes: 8 << 20, ms: 50 },
    clock: fixedClock('2026-01-15T12:00:00Z'),
    observer: silent,
    ...more,
  }
}

/** The application with one more source in it. */
export function withSource(make: (settings: StageSettings) => Application, source: Source): Application {
  const app = make(standard)
  return {
    ...app,
    sources: [...app.sources.filter(s => s.id !== source.id), source],
    // A source made in a test is in no module.
    sourcesModule: undefined,
  }
}

export interface RunOptions {
  readonly source: Source
  readonly config?: SourceConfig
  readonly tenant?: string
  readonly options?: Partial<EngineOptions>
}

/**
 * Runs a source to its end through the whole engine, as `stratum ingest` does, and hands the stores to `look`
 * before they close.
 */
export async function runThrough<T>(
  dataDir: string,
  app: Application,
  { source, config = {}, tenant = 'demo', options = {} }: RunOptions,
  look: (stores: Stores, report: SyncReport) => Promise<T>,
): Promise<T> {
  const stores = await openStores(app, engineOptions(dataDir, options))
  const engine = new Engine(stores)
  try {
    await engine.start()
    const sync = engine.sync({
      source,
      config,
      tenant,
      clockMode: 'event',
      signal: new AbortController().signal,
      maxTries: 3,
    })
    const report = await Promise.race([sync, engine.failure])
    await engine.drain()
    return await look(stores, report)
  } finally {
    await engine.stop()
    await stores.close()
  }
}

/** An observer that keeps what it is told of outages, crashes and dead letters. */
export function listening(): Observer & { readonly heard: string[] } {
  const heard: string[] = []
  return {
    ...silent,
    heard,
    deadLetter: (stage, reason) => heard.push(`dead letter ${stage}: ${reason}`),
    crash: (stage, _, attempt) => heard.push(`crash ${stage} ${attempt}`),
    outage: where => heard.push(`outage ${where}`),
  }
}
