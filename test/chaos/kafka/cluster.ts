import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type KafkaServer, startKafka } from '../../support/servers/kafka.ts'
import type { TcpProxy } from '../../support/servers/proxy.ts'
import { startWarehouse, type WarehouseServer } from '../../support/servers/warehouse.ts'
import type { FeedOptions } from './feed.ts'
import { Process, type ProcessOptions } from './process.ts'
import { environment, WORKERS } from './settings.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const STRATUM = here('../../../stratum.js')

export interface ClusterOptions {
  /** All its files. */
  readonly folder: string
  /** Folder of the slices. */
  readonly slices: string
  readonly onEnd: ProcessOptions['onEnd']
}

/** Rows of a batch of the feeder: some thousand commits in all. */
const BATCH = 40

/** One broker, one warehouse, the feeder and three workers, each with a way of its own to the broker. */
export class Cluster {
  readonly kafka: KafkaServer
  readonly warehouse: WarehouseServer
  readonly workers: readonly Process[]
  readonly feeder: Process
  readonly #o: ClusterOptions
  readonly #allowance: string
  #storms = 0

  private constructor(options: ClusterOptions, kafka: KafkaServer, warehouse: WarehouseServer) {
    this.#o = options
    this.kafka = kafka
    this.warehouse = warehouse
    this.#allowance = join(options.folder, 'allowance')
    this.allow(0)
    this.workers = Array.from({ length: WORKERS }, (_, i) =>
      this.#worker(`worker-${i}`, kafka.proxies[i]!.address),
    )
    this.feeder = this.#feeder()
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { folder } = options
    mkdirSync(folder, { recursive: true })
    const kafka = await startKafka({ dir: join(folder, 'broker'), proxies: WORKERS + 1 })
    const warehouse = await startWarehouse({ dir: join(folder, 'warehouse') })
    return new Cluster(options, kafka, warehouse)
  }

  /** The way of a worker, or of the feeder. */
  way(of: number | 'feeder'): TcpProxy {
    return this.kafka.proxies[of === 'feeder' ? WORKERS : of]!
  }

  /** How much of its slice every tenant may write by now, from 0 to 1. */
  allow(share: number): void {
    writeFileSync(this.#allowance, String(share))
  }

  /** Workers that come and go, so many of them. */
  storm(steps: number): Process {
    const name = `storm-${this.#storms++}`
    return this.#process(name, [here('./storm.js'), this.dataDir(name), String(steps)], this.kafka.bootstrap)
  }

  dataDir(name: string): string {
    return join(this.#o.folder, name)
  }

  #worker(name: string, brokers: string): Process {
    return this.#process(name, [STRATUM, 'worker', '--data', this.dataDir(name)], brokers)
  }

  #feeder(): Process {
    const { slices } = this.#o
    const options: FeedOptions = {
      folder: slices,
      allowance: this.#allowance,
      batch: BATCH,
      dataDir: this.dataDir('feeder'),
      brokers: this.way('feeder').address,
    }
    return this.#process('feeder', [here('./feed.js'), JSON.stringify(options)], '')
  }

  #process(name: string, args: readonly string[], brokers: string): Process {
    const { folder, onEnd } = this.#o
    const env = environment(brokers, this.warehouse.url)
    return new Process({ name, args, env, log: join(folder, `${name}.log`), onEnd })
  }

  /** What a worker keeps on its disk is gone. */
  loseState(worker: number): void {
    rmSync(this.dataDir(`worker-${worker}`), { recursive: true, force: true })
  }

  /** For good. */
  async stop(): Promise<void> {
    await Promise.all([this.feeder, ...this.workers].map(p => p.kill()))
    await this.kafka.stop()
    await this.warehouse.stop()
  }
}
