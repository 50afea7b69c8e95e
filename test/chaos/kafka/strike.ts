import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault as WarehouseFault } from '../../support/servers/warehouse/faults.ts'
import type { Cluster } from './cluster.ts'
import type { Happening } from './faults.ts'
import type { Process } from './process.ts'
import { WORKERS } from './settings.ts'

/** Lets faults happen to a cluster. What touches the same part of it waits for its turn. */
export class Striker {
  readonly #cluster: Cluster
  readonly #turns = new Map<unknown, Promise<void>>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Resolves when nothing of the fault is in force any more. */
  async strike(fault: Happening): Promise<void> {
    const { workers, feeder, kafka, warehouse } = this.#cluster
    switch (fault.kind) {
      case 'kill worker':
        return this.#killed(workers[fault.worker]!, fault.ms)
      case 'kill feeder':
        return this.#killed(feeder, fault.ms)
      case 'kill broker':
        return this.#alone(kafka, () => downFor(kafka, fault.ms))
      case 'kill warehouse':
        return this.#alone(warehouse, () => downFor(warehouse, fault.ms))
      case 'kill all': {
        const processes = [...workers, feeder].map(p => this.#killed(p, fault.ms))
        const servers = [kafka, warehouse].map(s => this.#alone(s, () => downFor(s, fault.ms)))
        return void (await Promise.all([...processes, ...servers]))
      }
      case 'zombie':
      case 'pause worker':
        return this.#alone(workers[fault.worker], async () => {
          workers[fault.worker]!.signal('SIGSTOP')
          await sleep(fault.ms)
          workers[fault.worker]!.signal('SIGCONT')
        })
      case 'network':
        return this.#network(fault)
      case 'rebalance storm':
        return this.#alone('storm', () => this.#storm(fault))
      case 'lost state':
        return this.#alone(workers[fault.worker], async () => {
          await workers[fault.worker]!.kill()
          this.#cluster.loseState(fault.worker)
          workers[fault.worker]!.start()
        })
      default:
        return this.#alone(warehouse, () => this.#warehouse(fault))
    }
  }

  #killed(process: Process, ms: number): Promise<void> {
    return this.#alone(process, async () => {
      await process.kill()
      await sleep(ms)
      process.start()
    })
  }

  async #alone(part: unknown, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(part) ?? Promise.resolve()).then(work)
    this.#turns.set(part, turn)
    return turn
  }

  async #network({ of, how, ms }: Extract<Happening, { kind: 'network' }>): Promise<void> {
    const ways = of === 'all' ? [...Array(WORKERS).keys(), 'feeder' as const] : [of]
    await Promise.all(
      ways.map(way =>
        this.#alone(`way ${way}`, async () => {
          const proxy = this.#cluster.way(way)
          proxy[how]()
          await sleep(ms)
          proxy.heal()
        }),
      ),
    )
  }

  /** Ends by itself, or all of its workers at once by SIGKILL. */
  async #storm({ workers, killed }: Extract<Happening, { kind: 'rebalance storm' }>): Promise<void> {
    const storm = this.#cluster.storm(workers)
    storm.start()
    const last = new RegExp(`^worker ${workers - 1}\\b`, 'm')
    while (!last.test(storm.text)) await sleep(100)
    if (killed) await storm.kill()
    else await storm.done()
  }

  async #warehouse(fault: Happening): Promise<void> {
    const { warehouse } = this.#cluster
    const faults = faultsOf(fault)
    await warehouse.fault(...faults)
    // In force until all have struck, as long as there is something to insert.
    for (let tries = 0; tries < 100; tries++) {
      await sleep(100)
      if (faults[0]!.do === 'die') {
        const alive = await warehouse.faults().catch(() => null)
        if (alive !== null && tries < 99) continue
        return warehouse.restart()
      }
      const struck = await warehouse.faults()
      if (struck.every(f => f.struck >= (f.times ?? 0))) break
    }
    if (fault.kind === 'warehouse hangs') await sleep(fault.ms)
    await warehouse.heal()
  }
}

function faultsOf(fault: Happening): WarehouseFault[] {
  switch (fault.kind) {
    case 'warehouse answers 500':
      return [{ do: 'error', status: 500, when: fault.after ? 'after' : 'before', times: fault.inserts }]
    case 'warehouse hangs':
      return [{ do: 'hang', times: fault.inserts }]
    case 'warehouse drops answers':
      return [{ do: fault.how, when: 'after', times: fault.inserts }]
    case 'warehouse is late':
      return [{ do: 'late', ms: fault.ms, times: fault.inserts }]
    case 'warehouse dies of an insert':
      return [{ do: 'die', when: fault.when, ms: fault.ms, times: 1 }]
    default:
      throw new Error(`${fault.kind} is no fault of the warehouse`)
  }
}

async function downFor(
  server: { kill(): Promise<void>; restart(): Promise<void> },
  ms: number,
): Promise<void> {
  await server.kill()
  await sleep(ms)
  await server.restart()
}
