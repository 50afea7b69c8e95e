import { fixedClock } from '../../../engine/clock/clock.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import type { Limiter } from '../../../engine/source/limits/limiter.ts'
import type { Source } from '../../../engine/source/port.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import { app as make } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'

/** The ads' figures, and the objects they are of. */
const STREAMS = ['accounts', 'campaigns', 'adsets', 'ads', 'ad_reports']

/** A connector that reads no more than that. */
const narrowed = (source: Source): Source => ({
  ...source,
  discover: async context => (await source.discover(context)).filter(({ name }) => STREAMS.includes(name)),
})

/** The whole engine on a data directory, which reads several platforms into one warehouse. */
export async function fleet(dataDir: string, sources: readonly Source[], now: string) {
  const read = sources.map(narrowed)
  // They are in no module, so they are read here, by the time that the test gives.
  const app = { ...make(standard), sources: read, sourcesModule: undefined }
  // Rows by the ten thousand: as in life, they are not inserted every 50 ms.
  const cut = { rows: 50_000, bytes: 8 << 20, ms: 2000 }
  const stores = await openStores(app, engineOptions(dataDir, { clock: fixedClock(now), cut }))
  const engine = new Engine(stores)
  await engine.start()
  const warehouse = await stores.warehouse()
  return {
    warehouse,
    /** A first sync, up to its last row in the warehouse. */
    async sync(id: string, config: Readonly<Record<string, unknown>>, limiter: Limiter) {
      const source = read.find(one => one.id === id)!
      const { signal } = new AbortController()
      // As a connection of the catalogue has it, its streams share their tokens.
      const shared = { limiter, tokens: memoryTokens() }
      const run = {
        source,
        config,
        tenant: 'acme',
        clockMode: 'live',
        signal,
        maxTries: 1,
        ...shared,
      } as const
      const report = await Promise.race([engine.sync(run), engine.failure])
      await engine.drain()
      return report
    },
    /** Rows of all platforms with all their revisions, or of one. */
    async rows(platform = ''): Promise<number> {
      const [found] = await warehouse.query<{ readonly n: number }>(
        "SELECT toUInt32(count()) AS n FROM stratum.ad_metrics_daily WHERE {platform:String} IN ('', platform)",
        { platform },
      )
      return found!.n
    },
    async close() {
      await engine.stop()
      await stores.close()
    },
  }
}
