import { join } from 'node:path'
import { contextOf, itemsOf } from '../../engine/cli/ask.ts'
import { deadLetterKind } from '../../engine/deadletter/dead-letter.ts'
import { deadLettersTable } from '../../engine/deadletter/table.ts'
import { operations } from '../../engine/ops/index.ts'
import type { Verdict } from '../../engine/ops/verify.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import type { EngineOptions } from '../../engine/runtime/options.ts'
import { openStores, type Stores } from '../../engine/runtime/stores.ts'
import type { Application } from '../../engine/stage/topology.ts'
import { openChdb } from '../../engine/store/clickhouse.ts'
import type { Warehouse } from '../../engine/store/warehouse.ts'
import { type Thing, thingKind, things } from '../engine/sink/thread-tables.ts'
import { engineOptions } from './engine.ts'
import { type Faulty, faulty } from './faulty.ts'
import { temporaryFolder } from './folder.ts'

export const THINGS = 'stratum.things'

/** The least application that has a table: records of a topic become its rows, or dead letters. */
export const thingsApp: Application = {
  sources: [],
  topics: [
    { name: 'things', route: 'key', cleanup: 'delete', kinds: [thingKind] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
  ],
  tasks: [],
  tables: [things, deadLettersTable],
}

/** What `append` is told of a thing; `day` no Date column holds makes one that is refused. */
export type Some = Partial<Pick<Thing, 'text' | 'day' | 'tenant_id'>>

interface Tap {
  teardown(fn: () => void | Promise<void>): void
  setTimeout(ms: number): void
}

/** A warehouse to keep things in. */
export interface Backend {
  /** Over the network: the engine is told so. */
  readonly url?: string
  /** One more connection; `database` as `openChdb` takes it. */
  open(database?: string): Promise<Warehouse>
}

/** Houses of things: each has a log and a database of its own; a process can open one directory of chDB only. */
export class Things {
  readonly #dir: string
  readonly #backend: Backend
  readonly warehouse: Promise<Warehouse>
  #houses = 0

  /** In process, unless told otherwise. */
  constructor(t: Tap, backend?: Backend) {
    t.setTimeout(240_000)
    this.#dir = temporaryFolder(t)
    this.#backend = backend ?? { open: database => openChdb(join(this.#dir, 'warehouse'), database) }
    this.warehouse = this.open(t)
  }

  async open(t: Pick<Tap, 'teardown'>, database?: string): Promise<Warehouse> {
    const opened = this.#backend.open(database)
    t.teardown(async () => (await opened).close())
    return opened
  }

  /** Others may insert too, so what was sent last goes first after an outage. */
  get shared(): boolean {
    return this.#backend.url !== undefined
  }

  async house(more: Partial<EngineOptions> = {}, app = thingsApp): Promise<House> {
    const database = `house_${++this.#houses}`
    const { url } = this.#backend
    const options = engineOptions(join(this.#dir, database), {
      partitions: { raw: 1, facts: 1, persons: 1 },
      ...more,
      warehouse: { database, retentionYears: 10, ...(url === undefined ? {} : { url }), ...more.warehouse },
    })
    const house = new House(app, options, await this.warehouse)
    await house.open()
    return house
  }
}

export class House {
  app: Application
  readonly options: EngineOptions
  readonly warehouse: Faulty
  stores!: Stores
  engine: Engine | null = null
  #appended = 0

  constructor(app: Application, options: EngineOptions, warehouse: Warehouse) {
    this.app = app
    this.options = options
    this.warehouse = faulty(warehouse)
  }

  get database(): string {
    return this.options.warehouse.database
  }

  async open(): Promise<void> {
    const opened = await openStores(this.app, this.options)
    this.stores = { ...opened, warehouse: async () => this.warehouse }
  }

  /** Starts an engine, with what another release may have other. */
  async start(app = this.app): Promise<Engine> {
    if (app !== this.app) {
      await this.stores.close()
      this.app = app
      await this.open()
    }
    const engine = new Engine(this.stores)
    await engine.start()
    this.engine = engine
    return engine
  }

  async stop(): Promise<void> {
    await this.engine?.stop()
    this.engine = null
  }

  async close(): Promise<void> {
    await this.stop()
    await this.stores.close()
  }

  /** Appends things in one commit; their offsets follow one another. */
  async append(...some: readonly Some[]): Promise<void> {
    const { codec, log } = this.stores
    const records = some.map(one => {
      const thing: Thing = {
        tenant_id: 'acme',
        event_id: `e${this.#appended++}`,
        event_time: 1_767_610_000_000_000,
        ingest_time: 1_767_610_000_000_000,
        text: null,
        day: '2026-01-05',
        ...one,
      }
      return {
        key: Buffer.from(thing.tenant_id),
        value: codec.encode(thingKind, thing),
        time: thing.ingest_time,
      }
    })
    const writer = await log.writer('test.things')
    await writer.commit({ appends: [{ topic: THINGS, partition: 0, records }] })
    await writer.close()
  }

  /** Everything in the log is in the warehouse; rejects when it cannot come to that. */
  async drain(): Promise<void> {
    await this.engine!.drain()
  }

  /** Asks an operation, as the command of its name does where an engine runs and where none does. */
  async ask<T = Record<string, unknown>>(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
  ): Promise<T[]> {
    const context = contextOf(this.stores, this.engine)
    const items: T[] = []
    const signal = new AbortController().signal
    for await (const item of itemsOf(operations[name]!(context, args, signal))) items.push(item as T)
    return items
  }

  async query<T = Record<string, unknown>>(sql: string): Promise<T[]> {
    return this.warehouse.query<T>(sql)
  }

  /** Rows of the table by the record they are of, in order; a row that is there twice is there twice. */
  async rows(): Promise<{ offset: number; text: string | null }[]> {
    return this.query(`SELECT _offset AS offset, text FROM ${this.database}.things ORDER BY _offset`)
  }

  /** What `verify` says of a table. */
  async verdict(table = 'things'): Promise<Verdict> {
    return (await this.ask<Verdict>('verify')).find(v => v.table === table)!
  }
}
