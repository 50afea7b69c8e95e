import type { Cluster } from './kafkajs.ts'

/** Connections to the brokers, made when they are first wanted. */
export class LazyCluster {
  readonly #make: () => Cluster
  #cluster: Promise<Cluster> | null = null

  constructor(make: () => Cluster) {
    this.#make = make
  }

  get(): Promise<Cluster> {
    this.#cluster ??= (async () => {
      const cluster = this.#make()
      await cluster.connect()
      return cluster
    })()
    // A failed try is not remembered.
    this.#cluster.catch(() => {
      this.#cluster = null
    })
    return this.#cluster
  }

  async close(): Promise<void> {
    const cluster = await this.#cluster?.catch(() => null)
    await cluster?.disconnect().catch(() => {})
  }
}
