import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceContext } from '../../engine/source/context.ts'
import { RetryableError } from '../errors.ts'

export interface ReportJob<T> {
  /** Asks how far it is: its result when done, null while it runs. @throws when it has failed */
  poll(): Promise<T | null>
  /** Between two questions: the first wait, doubled up to the longest. Milliseconds (1,000 and 30,000). */
  readonly firstMs?: number
  readonly maxMs?: number
  /** After so long it is given up, and the slice is asked for anew. Milliseconds (an hour). */
  readonly giveUpMs?: number
}

/**
 * Waits for a report that the platform makes in the background.
 * @throws RetryableError: it took too long; what `poll` throws; the signal's reason
 */
export async function reportJob<T>(
  job: ReportJob<T>,
  { signal, pace }: Pick<SourceContext, 'signal' | 'pace'>,
): Promise<T> {
  const { poll, firstMs = 1000, giveUpMs = 3_600_000 } = job
  const maxMs = Math.min(job.maxMs ?? 30_000, pace?.pollMs ?? Number.POSITIVE_INFINITY)
  const begun = performance.now()
  for (let waitMs = Math.min(firstMs, maxMs); ; waitMs = Math.min(maxMs, waitMs * 2)) {
    const result = await poll()
    if (result !== null) return result
    if (performance.now() - begun + waitMs > giveUpMs)
      throw new RetryableError(`the report was not ready after ${Math.round(giveUpMs / 1000)} s`)
    await sleep(waitMs, undefined, { signal })
  }
}
