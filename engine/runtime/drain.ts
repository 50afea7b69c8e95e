import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage } from '../errors.ts'
import { type Lag, lagOf } from './lag.ts'
import type { Stores } from './stores.ts'

/** Passes in which everything that had come before has been read. */
const QUIET = 2

/**
 * Resolves when what is in the log by now, and all that follows from it, has been read by every task and table. On a
 * cluster others go on writing: what comes later is not waited for. Rejects with `failure`, or when the signal aborts.
 */
export async function drained(stores: Stores, failure: Promise<never>, signal?: AbortSignal): Promise<void> {
  const pause = () => Promise.race([sleep(stores.options.kafka ? 200 : 10), failure])
  // A round each: what a task has read it has written on by then, and so down to the tables.
  for (let depth = readersInRow(stores); depth > 0; depth--) {
    const ends = new Map((await patiently(stores, signal, failure)).map(row => [nameOf(row), row.end]))
    for (let quiet = 0; quiet < QUIET; ) {
      signal?.throwIfAborted()
      const rows = await patiently(stores, signal, failure)
      if (rows.every(row => row.lag === 0)) return
      quiet = rows.every(row => row.position >= (ends.get(nameOf(row)) ?? 0)) ? quiet + 1 : 0
      await pause()
    }
  }
}

const nameOf = ({ kind, reader, topic, partition }: Lag) => `${kind} ${reader} ${topic}/${partition}`

/** Tasks one behind the other at most, the tables behind the last, and the table of the letters those write. */
const readersInRow = ({ app }: Stores): number => app.tasks.length + 2

/** An outage of the log is waited out, as everybody does who works on it. */
async function patiently(
  stores: Stores,
  signal: AbortSignal | undefined,
  failure: Promise<never>,
): Promise<Lag[]> {
  for (let attempt = 1; ; attempt++)
    try {
      signal?.throwIfAborted()
      return await lagOf(stores)
    } catch (error) {
      if (!isOutage(error)) throw error
      stores.options.observer.outage('drain', error, attempt)
      await Promise.race([sleep(Math.min(5_000, 100 * 2 ** Math.min(attempt, 6))), failure])
    }
}
