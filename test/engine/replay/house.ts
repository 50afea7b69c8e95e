import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import csv from '../../../connectors/csv/index.ts'
import ga4 from '../../../connectors/ga4/index.ts'
import meta from '../../../connectors/meta/index.ts'
import { fixedClock } from '../../../engine/clock/clock.ts'
import { isoTime } from '../../../engine/clock/iso.ts'
import { validate } from '../../../engine/config/index.ts'
import { type Around, type Asked, replayInto, type Summary } from '../../../engine/replay/run.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import type { EngineOptions } from '../../../engine/runtime/options.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import type { Source, SourceConfig } from '../../../engine/source/port.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import { app as make } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { documents } from '../../support/program.ts'

export const app = make(standard)

/** A line of a file of outputs. */
export interface Line {
  readonly topic: string
  readonly partition: number
  readonly from: string
  readonly number: number
  readonly tenant: string
  readonly kind: string
  readonly value: Readonly<Record<string, unknown>>
}

/** A data directory into which three weeks of simulated events and ads have been read, and files of three tenants (bistro's facts are in partition 1, theirs in 0). */
export class House {
  readonly dir: string
  readonly options: EngineOptions
  #outs = 0

  private constructor(dir: string, options: EngineOptions) {
    this.dir = dir
    this.options = options
  }

  static async filled(dir: string, more: Partial<EngineOptions> = {}): Promise<House> {
    const platforms = await Promise.all(
      [ga4 as Source, meta as Source].map(async source => {
        const started = await (await source.trial!()).start({ seed: 1 })
        const config = validate(source.spec, started.config, source.id) as SourceConfig
        return { source, config, started }
      }),
    )
    const now = Math.max(...platforms.map(({ started }) => started.now))
    const options = engineOptions(join(dir, 'data'), { clock: fixedClock(isoTime(now)), ...more })
    const house = new House(dir, options)
    const stores = await openStores(app, options)
    const engine = new Engine(stores)
    try {
      await engine.start()
      const sync = (source: Source, config: SourceConfig, tenant: string) =>
        Promise.race([
          engine.sync({
            source,
            config,
            tenant,
            clockMode: 'event',
            signal: new AbortController().signal,
            maxTries: 3,
          }),
          engine.failure,
        ])
      await Promise.all(platforms.map(({ source, config }) => sync(source, config, 'demo')))
      for (const [i, tenant] of ['demo', 'acme', 'bistro'].entries())
        for (const late of [0, 3 * 86_400]) {
          const path = join(dir, `${tenant}-${late}.csv`)
          writeFileSync(path, spend(`c${i}`))
          // Figures are as of when their file was written. Those of a time to come are refused where they are folded.
          utimesSync(path, now / 1e6 + late, now / 1e6 + late)
          const config = validate(csv.spec, { path, mapping: 'generic' }, 'csv') as SourceConfig
          await sync(csv as Source, config, tenant)
        }
      await engine.drain()
    } finally {
      await engine.stop()
      await stores.close()
      for (const { started } of platforms) await started.close()
    }
    return house
  }

  /** Does something to the log, as a process that owns it. */
  async change(work: (stores: Stores) => Promise<unknown>): Promise<void> {
    const stores = await openStores(app, this.options)
    try {
      await work(stores)
    } finally {
      await stores.close()
    }
  }

  out(): string {
    return join(this.dir, `out-${this.#outs++}`)
  }

  async replay(
    pipeline: string,
    asked: Partial<Asked> = {},
    release: Application = app,
    around: Around = { signal: new AbortController().signal },
  ): Promise<Summary & { lines(topic: string): Line[] }> {
    const { out = this.out() } = asked
    const how = { compare: true, ...asked, pipeline, out }
    const summary = await replayInto(release, this.options, how, around)
    const lines = (topic: string) => documents<Line>(readFileSync(join(out, `${topic}.ndjson`), 'utf8'))
    return { ...summary, lines }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

const spend = (
  campaign: string,
) => `date,platform,account_id,campaign_id,ad_id,impressions,clicks,spend,currency
2026-04-10,meta,a1,${campaign},x1,1000,10,12.50,USD
`
