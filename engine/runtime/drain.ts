import { setTimeout as sleep } from 'node:timers/promises'
import { lagOf } from './lag.ts'
import type { Stores } from './stores.ts'

/** Resolves when nothing is left to read, for any task or table. Rejects with `failure`, or when the signal aborts. */
export async function drained(stores: Stores, failure: Promise<never>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    const rows = await lagOf(stores)
    if (rows.every(r => r.lag === 0)) return
    // Asking a cluster takes a round for every partition.
    await Promise.race([sleep(stores.options.kafka ? 200 : 10), failure])
  }
}
