import type { Running } from '../runtime/running.ts'
import type { Stores } from '../runtime/stores.ts'
import { hasCatalogue } from '../store/catalogue/place.ts'
import { Scheduler, type SchedulerEvent } from './scheduler.ts'
import { tellConnection } from './told.ts'

export interface SchedulingOptions {
  readonly stores: Stores
  readonly engine: Pick<Running, 'sync'>
  readonly concurrency: number
  /** Only this connection, by its name in the log. */
  readonly only?: string
  tell(event: SchedulerEvent): void
}

/** The scheduler of a process: begun when there is something to schedule, since a catalogue costs a second and memory. */
export class Scheduling {
  readonly #o: SchedulingOptions
  #scheduler: Promise<Scheduler> | null = null

  constructor(options: SchedulingOptions) {
    this.#o = options
  }

  /** Begins where a catalogue is there already. */
  async beginWhereConnected(): Promise<void> {
    const { catalogue, dataDir } = this.#o.stores.options
    if (catalogue?.url !== undefined || hasCatalogue(dataDir)) await this.begin()
  }

  /** Any number of times. */
  async begin(): Promise<void> {
    this.#scheduler ??= this.#begin()
    await this.#scheduler
  }

  async #begin(): Promise<Scheduler> {
    const { stores, engine, concurrency, only, tell } = this.#o
    const scheduler = new Scheduler({
      engine,
      sources: stores.app.sources,
      ...(await stores.connect()),
      now: stores.options.clock,
      concurrency,
      ...(only === undefined ? {} : { only }),
      told: (connection, state) => tellConnection(stores, connection, state),
      tell,
    })
    scheduler.start()
    return scheduler
  }

  async stop(): Promise<void> {
    await (await this.#scheduler?.catch(() => null))?.stop()
  }
}
