import { askOf } from '../codec/registry/ask.ts'
import { type Cutting, cutHere } from '../sink/cut.ts'
import { cutInThread } from '../sink/thread/thread.ts'
import { followTables } from './follow.ts'
import { PartitionGroup } from './partition-group.ts'
import { prepare } from './prepare.ts'
import { kindsOf, type Stores } from './stores.ts'
import { tickLive } from './ticking.ts'
import { Work } from './work.ts'

/** Runs an application over its stores: every task and sink over every partition, until it is stopped. */
export class Engine extends Work {
  #groups: PartitionGroup[] = []
  #cutting: Cutting | null = null
  readonly #stop = new AbortController()
  #following: Promise<void> = Promise.resolve()
  readonly #tickMs: number | undefined
  #ticking: Promise<void> = Promise.resolve()

  /** With `tickMs` live tenants are told the time so often. Milliseconds. */
  constructor(stores: Stores, { tickMs }: { readonly tickMs?: number | undefined } = {}) {
    super(stores)
    this.#tickMs = tickMs
  }

  /** All of them. */
  get groups(): readonly number[] {
    return Array.from({ length: this.stores.groups }, (_, group) => group)
  }

  async start(): Promise<void> {
    const warehouse = await this.stores.warehouse()
    await prepare(this.stores, warehouse, { apply: false, lose: [] })
    const { stores } = this
    this.#following = followTables(stores, this.#stop.signal).catch(error => this.fail(error))
    const cutting = makeCutting(stores)
    this.#cutting = cutting
    const { hurry } = this
    const { groups } = stores
    for (let group = 0; group < groups; group++) {
      const own = await PartitionGroup.open({ stores, warehouse, cutting, group, groups, hurry })
      this.#groups.push(own)
      own.failure.catch(error => this.fail(error))
    }
    if (this.#tickMs !== undefined)
      this.#ticking = tickLive(stores, { everyMs: this.#tickMs, signal: this.#stop.signal }).catch(error =>
        this.fail(error),
      )
  }

  /** Stops reading and lets what is in hand be committed. The stores stay open: whoever opened them closes them. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all([this.#following, this.#ticking, ...this.#groups.map(group => group.stop())])
    await this.#cutting?.close()
  }
}

/** In a thread where the tables can be loaded there and the log is a file that it can read; here otherwise. */
export function makeCutting({ app, log, codec, registry, options }: Stores): Cutting {
  const { tables, tablesModule: module } = app
  if (module === undefined || options.kafka !== undefined) return cutHere(log, codec.reader(), tables)
  const { dataDir } = options
  const data = { module, dataDir, kinds: kindsOf(app), schemas: registry.entries }
  return cutInThread(data, askOf(registry))
}
