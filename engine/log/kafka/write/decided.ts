import { setTimeout as sleep } from 'node:timers/promises'
import { StratumError } from '../../../errors.ts'

export interface DecidedOptions {
  readonly topic: string
  readonly partition: number
  /** End for readers of committed records: where the first transaction that is still open begins. Asked anew. */
  readonly end: (topic: string, partition: number) => Promise<number>
  /** End of all that is written. Asked anew. */
  readonly written: (topic: string, partition: number) => Promise<number>
  readonly patienceMs?: number
}

/**
 * A writer that is gone leaves a transaction open for TRANSACTION_TIMEOUT_MS, and until then brokers look for such
 * ones every ten seconds. What lasts longer hangs.
 */
const PATIENCE_MS = 60_000

/**
 * Resolves when every transaction that had written to the partition by now is committed or undone.
 *
 * Where several write, what one has committed cannot be read as long as something lies before it that another has
 * open: who reads state there that must not be old (a cursor that says what is in the log already) waits first.
 *
 * @throws STORE_UNAVAILABLE when one hangs
 */
export async function decided(o: DecidedOptions): Promise<void> {
  const { topic, partition, patienceMs = PATIENCE_MS } = o
  const until = performance.now() + patienceMs
  const written = await o.written(topic, partition)
  for (let wait = 10; (await o.end(topic, partition)) < written; wait = Math.min(200, wait * 2)) {
    if (performance.now() > until)
      throw new StratumError(
        'STORE_UNAVAILABLE',
        `A transaction on ${topic}/${partition} is open for more than ${patienceMs / 1000} s, and hides what was committed after it. It ends by itself when its writer does; one that hangs is found and ended by kafka-transactions (find-hanging, abort).`,
      )
    await sleep(wait)
  }
}
