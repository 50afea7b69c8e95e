import { LiveTenants } from '../clock/live.ts'
import { validate } from '../config/index.ts'
import type { SourceContext } from '../source/context.ts'
import { connectionId } from '../source/cursor.ts'
import type { Source, SourceConfig } from '../source/port.ts'
import { rawKindName } from '../source/raw.ts'
import { type Reading, type ReadingOptions, readHere } from '../source/reading.ts'
import { type SyncReport, SyncRun } from '../source/sync-run.ts'
import { readInThread } from '../source/thread/thread.ts'
import type { Stores } from './stores.ts'

export interface ConnectionRun extends Partial<Pick<SourceContext, 'limiter' | 'tokens'>> {
  readonly source: Source
  /** Checked against the source's schema and completed with its defaults. */
  readonly config: SourceConfig
  readonly tenant: string
  readonly clockMode: 'event' | 'live'
  readonly signal: AbortSignal
  /** Tries in a row without progress before a retryable error ends the run; none: for ever. */
  readonly maxTries?: number
  /** Its name in the log; made of tenant, source and configuration where none is given. */
  readonly connection?: string
  readonly notice?: (message: string) => void
  /** Called after every committed batch with the records read so far. */
  readonly onProgress?: (read: number) => void
}

/**
 * Runs a connection once and resolves when its last record is in the log.
 * @throws CONFIG_INVALID, or the connector's own error
 */
export async function runConnection(stores: Stores, run: ConnectionRun): Promise<SyncReport> {
  const { log, codec, layout, gates, options } = stores
  const { source, tenant, notice = () => {} } = run
  const { clock, dataDir, observer } = options
  const config = validate(source.spec, run.config, `configuration of ${source.id}`) as SourceConfig
  if (run.clockMode === 'live')
    await (await LiveTenants.open(log)).add(tenant, new Date(clock() / 1000).toISOString())
  const connection = run.connection ?? connectionId(tenant, source.id, config, source.spec)
  const { limiter = await stores.limiter(), tokens } = run
  const shared = { limiter, ...(tokens ? { tokens } : {}) }
  const reading = readingOf(stores, { source, config, tenant, connection, codec, clock, notice, ...shared })
  const gate = gates.gate([
    ['connector', source.id],
    ['tenant', tenant],
  ])
  const retrying = (error: unknown, waitMs: number) =>
    observer.outage(`connector ${source.id}`, error, Math.round(waitMs))
  const how = { ...run, config, reading, connection, log, codec, layout, clock, gate, dataDir, retrying }
  try {
    return await new SyncRun(how).run()
  } finally {
    await reading.close()
  }
}

/** In a thread of its own where it can be loaded there (one of the application's, not one like it), here otherwise. */
function readingOf({ app, registry }: Stores, options: ReadingOptions): Reading {
  const module = options.source.module ?? app.sourcesModule
  if (module === undefined || !app.sources.includes(options.source)) return readHere(options)
  const { id, streams } = options.source
  const schemas = registry.entries.filter(e => streams.some(s => rawKindName(id, s.name) === e.subject))
  return readInThread({ ...options, module, schemas })
}
