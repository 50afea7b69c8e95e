import { deterministicId } from '../../engine/codec/ids.ts'
import { post } from '../../engine/command/send.ts'
import { batchesOf } from '../../engine/log/batches.ts'
import { ownedOf } from '../../engine/runtime/owned.ts'
import { Passes } from '../../engine/runtime/passes.ts'
import type { Running } from '../../engine/runtime/running.ts'
import { topicName } from '../../engine/stage/layout.ts'
import type { BesideEvent } from '../../engine/stage/topology.ts'
import { COMPLETE } from './commands.ts'
import { EXPERIMENTS, type ExperimentResultRow, experimentResultKind } from './kinds.ts'

export interface CloserOptions {
  readonly engine: Pick<Running, 'stores' | 'groups'>
  readonly pollMs?: number
  tell(event: BesideEvent): void
}

/**
 * Completes experiments whose sample is reached (product.md §4.6), by a command like anybody's: it holds from its place in
 * the log on, and a replay completes them there too. Its id is made of the experiment: sent twice, it is one command.
 */
export class ExperimentCloser {
  readonly #o: CloserOptions
  readonly #at = new Map<number, number>()
  readonly #asked = new Set<string>()
  readonly #passes: Passes

  constructor(options: CloserOptions) {
    this.#o = options
    const { tell, pollMs } = options
    this.#passes = new Passes({ name: 'Experiments', pass: () => this.pass(), tell, pollMs })
  }

  start(): void {
    this.#passes.start()
  }

  stop(): Promise<void> {
    return this.#passes.stop()
  }

  /** One look: reads results that are new, and asks for what is due. */
  async pass(): Promise<void> {
    const topic = topicName(EXPERIMENTS)
    for (const partition of ownedOf(this.#o.engine, topic)) await this.#read(topic, partition)
  }

  async #read(topic: string, partition: number): Promise<void> {
    const { log, codec } = this.#o.engine.stores
    const reader = codec.reader()
    const due = new Map<string, ExperimentResultRow>()
    let at = this.#at.get(partition) ?? 0
    for await (const { records, next } of batchesOf(log, topic, partition, at)) {
      if (this.#passes.signal.aborted) return
      await reader.ready(records)
      for (const { value } of records) {
        if (value === null) continue
        const { kind, value: said } = reader.decode(value)
        if (kind !== experimentResultKind.name) continue
        const row = said as unknown as ExperimentResultRow
        const name = JSON.stringify([row.tenant_id, row.experiment_id])
        if (row.state === 'RUNNING' && !row.peeking_safe) due.set(name, row)
        else due.delete(name)
      }
      at = next
    }
    for (const [name, row] of due) if (!this.#asked.has(name)) await this.#ask(name, row)
    // What could not be asked for is read again.
    this.#at.set(partition, at)
  }

  async #ask(name: string, { tenant_id, experiment_id }: ExperimentResultRow): Promise<void> {
    await post(this.#o.engine.stores, {
      tenant: tenant_id,
      id: deterministicId(tenant_id, experiment_id, 'sample reached'),
      command: COMPLETE,
      actor: 'stratum',
      role: 'SYSTEM',
      reason: 'every arm has its users, and seven days have passed',
      body: { experiment: experiment_id },
    })
    this.#asked.add(name)
  }
}
