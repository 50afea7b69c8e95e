import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { EventLog, LogWriter } from '../../../engine/log/port.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { type EngineOptions, silent } from '../../../engine/runtime/options.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import type { Source, SourceConfig } from '../../../engine/source/port.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import type { Warehouse } from '../../../engine/store/warehouse.ts'
import { normalise } from '../../../pipelines/ingest/normalise.ts'
import { app } from '../../../stratum.ts'
import { type TableContent, tableContents } from '../../support/content.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { type Topics, topicsOf } from './topics.ts'

/** One reading of a source to its end. */
export interface Sync {
  readonly source: Source
  readonly config?: SourceConfig
  readonly tenant?: string
}

export interface How {
  readonly options?: Partial<EngineOptions>
  /** The engine is stopped after so many commits of its tasks and started again, once for each number. */
  readonly lives?: readonly number[]
  /** Turns of the event loop that a commit of a task takes longer: batches queue up behind it. */
  readonly turns?: number
  /** Stages that are paused until all is read. */
  readonly paused?: readonly string[]
}

export interface Outcome<T = unknown> {
  readonly topics: Topics
  readonly tables: Readonly<Record<string, TableContent>>
  readonly found: T
}

type Ask = <R>(sql: string) => Promise<R[]>

/** The whole application, run over and over: each run has a log of its own, and a database of one warehouse. */
export class Laboratory {
  readonly #dir = mkdtempSync(join(tmpdir(), 'stratum-laws-'))
  readonly #warehouse: Promise<Warehouse>
  #runs = 0

  constructor(t: { teardown(fn: () => Promise<void>): void; setTimeout(ms: number): void }) {
    // Run by itself, a file of tests has half a minute: little on a machine that is busy.
    t.setTimeout(400_000)
    // A process can open one directory of chDB only.
    this.#warehouse = openChdb(join(this.#dir, 'warehouse'))
    t.teardown(async () => {
      await (await this.#warehouse).close()
      rmSync(this.#dir, { recursive: true, force: true })
    })
  }

  /**
   * Runs what is to be read through everything. The syncs of one row run side by side, rows one after the other.
   * `look` may ask the tables (as `DB.events`) and the log before they are gone.
   */
  async run<T>(
    rows: readonly (readonly Sync[])[],
    { options = {}, lives = [], turns = 0, paused = [] }: How = {},
    look: (ask: Ask, stores: Stores) => Promise<T> = async () => undefined as T,
  ): Promise<Outcome<T>> {
    const database = `law_${++this.#runs}`
    const dir = join(this.#dir, database)
    const warehouse = await this.#warehouse
    const release = releaseOf(rows.flat().map(sync => sync.source))
    const left = rows.map(row => [...row])
    const ask: Ask = sql => warehouse.query(sql.replaceAll('DB.', `${database}.`))
    try {
      for (const commits of [...lives, Number.POSITIVE_INFINITY]) {
        const life = new Life(commits)
        const observer = { ...silent, ...options.observer, commit: () => life.commit() }
        const all = { ...options, observer, warehouse: { database, retentionYears: 10 } }
        const opened = await openStores(release, engineOptions(dir, all))
        const log = turns > 0 ? slowly(opened.log, turns) : opened.log
        const stores: Stores = { ...opened, log, warehouse: async () => warehouse }
        const engine = new Engine(stores)
        try {
          for (const name of left.length > 0 ? paused : []) await stores.gates.pause('stage', name, 'now')
          await engine.start()
          if (!(await life.lived(engine, left))) continue
          const topics = await topicsOf(stores)
          const tables = await tableContents(warehouse, release, database)
          return { topics, tables, found: await look(ask, stores) }
        } finally {
          await engine.stop()
          await stores.close()
        }
      }
      throw new Error('the last life has no end')
    } finally {
      await warehouse.command(`DROP DATABASE IF EXISTS ${database} SYNC`)
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

/** Stratum with other sources. Blocks are made in this thread: one of their own for each run would outlast it. */
function releaseOf(made: readonly Source[]): Application {
  const sources = [...new Map(made.map(source => [source.id, source])).values()]
  const release = app(standard)
  const tasks = release.tasks.map(task =>
    task.name === 'collect'
      ? { ...task, stages: [normalise(sources, standard.warehouse), ...task.stages.slice(1)] }
      : task,
  )
  return { ...release, sources, tasks, sourcesModule: undefined, tablesModule: undefined }
}

/** A log on which tasks commit late. What connectors read is there at once. */
function slowly(log: EventLog, turns: number): EventLog {
  const writer = async (group: string): Promise<LogWriter> => {
    const own = await log.writer(group)
    if (group.startsWith('connect/')) return own
    return {
      group,
      async commit(unit) {
        for (let i = 0; i < turns; i++) await turn()
        await own.commit(unit)
      },
      close: () => own.close(),
    }
  }
  return new Proxy(log, {
    get(target, name) {
      const value: unknown = name === 'writer' ? writer : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** An engine from its start until it has done all, or has committed so often. */
class Life {
  readonly #end = new AbortController()
  #left: number

  constructor(commits: number) {
    this.#left = commits
  }

  commit(): void {
    if (--this.#left <= 0) this.#end.abort()
  }

  /** Reads what is left and takes it off the list. False when it was cut short. */
  async lived(engine: Engine, left: Sync[][]): Promise<boolean> {
    const { signal } = this.#end
    try {
      for (; left.length > 0; left.shift()) {
        const row = left[0]!
        const running = [...row].map(async sync => {
          const { source, config = { connection: '1' }, tenant = 'demo' } = sync
          await engine.sync({ source, config, tenant, clockMode: 'event', signal, maxTries: 3 })
          row.splice(row.indexOf(sync), 1)
        })
        const all = Promise.allSettled(running)
        await Promise.race([Promise.all(running), engine.failure]).finally(() => all)
      }
      for (const { kind, name } of engine.stores.gates.list()) await engine.stores.gates.resume(kind, name)
      await engine.drain(signal)
      return true
    } catch (error) {
      if (signal.aborted && error === signal.reason) return false
      throw error
    }
  }
}
