import { join } from 'node:path'
import type { Test } from 'tap'
import { tickKind } from '../../../../engine/clock/tick.ts'
import { type KafkaOptions, silent } from '../../../../engine/runtime/options.ts'
import { openStores, type Stores } from '../../../../engine/runtime/stores.ts'
import { Worker, type WorkerEvent } from '../../../../engine/runtime/worker/worker.ts'
import { openChdb } from '../../../../engine/store/clickhouse.ts'
import type { Warehouse } from '../../../../engine/store/warehouse.ts'
import { thingKind } from '../../../engine/sink/thread-tables.ts'
import { engineOptions } from '../../../support/engine.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { THINGS, thingsApp } from '../../../support/things.ts'

/** Ticks go where facts are. */
const app = {
  ...thingsApp,
  topics: [
    ...thingsApp.topics,
    { name: 'facts', route: 'key', cleanup: 'delete', kinds: [tickKind] } as const,
  ],
}

export const GROUPS = 4
export const PARTITIONS = 4

/** How the state of a group was brought up to date. */
export interface Restored {
  readonly group: number
  readonly how: 'current' | 'tail' | 'whole'
  readonly records: number
}

/** A process on a machine of its own: its stores, its worker, and what both have told. */
export interface Machine {
  readonly stores: Stores
  readonly worker: Worker
  readonly told: WorkerEvent[]
  readonly restored: Restored[]
  stop(): Promise<void>
}

export interface MachineOptions {
  readonly kafka?: Partial<KafkaOptions>
  readonly facts?: number
  readonly sessionMs?: number
  readonly tickMs?: number
  /** Called with every outage and trouble. */
  readonly hear?: (error: unknown) => void
  readonly shard?: { readonly index: number; readonly of: number }
}

/** Things on a broker and a warehouse, and machines that share them. */
export class House {
  readonly dir: string
  readonly bootstrap: string
  readonly #t: Test
  readonly #warehouse: Promise<Warehouse>
  #appended = 0

  constructor(t: Test, bootstrap: string) {
    this.#t = t
    this.bootstrap = bootstrap
    this.dir = temporaryFolder(t)
    this.#warehouse = openChdb(join(this.dir, 'warehouse'))
    t.teardown(async () => (await this.#warehouse).close())
  }

  /** Where a machine keeps its caches. */
  disk(name: string): string {
    return join(this.dir, name)
  }

  async machine(name: string, options: MachineOptions = {}): Promise<Machine> {
    const { kafka, facts = PARTITIONS, hear = () => {}, ...how } = options
    const warehouse = await this.#warehouse
    const restored: Restored[] = []
    const opened = await openStores(
      app,
      engineOptions(this.disk(name), {
        partitions: { raw: 1, facts, persons: 1 },
        cut: { rows: 3, bytes: 1 << 20, ms: 1 },
        observer: {
          ...silent,
          outage: (_, error) => hear(error),
          restored({ topic, partition }, { how, records }) {
            if (topic === 'stratum.state') restored.push({ group: partition, how, records })
          },
        },
        kafka: {
          connection: { brokers: [this.bootstrap] },
          groups: GROUPS,
          replication: 1,
          minInsync: 1,
          commitMs: 5,
          compression: 'none',
          ...kafka,
        },
      }),
    )
    const stores = { ...opened, warehouse: async () => warehouse }
    const told: WorkerEvent[] = []
    const tell = (event: WorkerEvent) => {
      told.push(event)
      if ('error' in event) hear(event.error)
    }
    const worker = new Worker({ stores, tell, ...how })
    let stopped = false
    const stop = async () => {
      if (stopped) return
      stopped = true
      await worker.stop()
      await stores.close()
    }
    this.#t.teardown(stop)
    return { stores, worker, told, restored, stop }
  }

  /** So many things more, spread over the partitions. */
  async append({ stores: { log, codec } }: Machine, n: number): Promise<void> {
    const writer = await log.writer('test.things')
    const time = 1_767_610_000_000_000
    const appends = Array.from({ length: n }, () => {
      const thing = {
        tenant_id: 'acme',
        event_id: `e${this.#appended++}`,
        event_time: time,
        ingest_time: time,
        text: null,
        day: '2026-01-05',
      }
      return {
        topic: THINGS,
        partition: this.#appended % PARTITIONS,
        records: [{ key: Buffer.from('acme'), value: codec.encode(thingKind, thing), time }],
      }
    })
    await writer.commit({ appends })
    await writer.close()
  }

  /** Every thing that is in the topic is a row, once: of some that were appended it is not known whether they are. */
  async holdsTopic(t: Test, { stores: { log } }: Machine): Promise<void> {
    let there = 0
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { start, end } = await log.bounds(THINGS, partition)
      for (let at = start; at < end; ) {
        const batch = await log.read(THINGS, partition, at)
        if (!batch) break
        there += batch.records.length
        at = batch.next
      }
    }
    this.#appended = there
    t.ok(there > 0)
    await this.holds(t)
  }

  /** Every thing is a row, once. */
  async holds(t: Test): Promise<void> {
    const rows = await (await this.#warehouse).query(
      'SELECT count() AS n, uniqExact(_partition, _offset) AS different FROM stratum.things',
    )
    t.same(rows, [{ n: this.#appended, different: this.#appended }])
  }
}
