import { setTimeout as sleep } from 'node:timers/promises'
import pRetry, { AbortError } from 'p-retry'
import { RetryableError } from '../errors.ts'

export interface Persistence {
  /** Tries in all. */
  readonly tries: number
  /** First back-off; doubles with every try. Milliseconds. */
  readonly baseMs: number
  /** Longest back-off, and the longest wait a platform asks for that is waited for here. Milliseconds. */
  readonly maxMs: number
}

export const PERSISTENCE: Persistence = { tries: 5, baseMs: 500, maxMs: 60_000 }

/**
 * Tries again while the error is retryable: after what the platform asked for, else after a back-off with full
 * jitter (a random part of base × 2^try: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). A longer
 * wait than `maxMs` is left to the harness, which holds nothing open meanwhile.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  { tries, baseMs, maxMs }: Persistence,
  signal: AbortSignal,
): Promise<T> {
  return pRetry(
    async () => {
      try {
        return await attempt()
      } catch (error) {
        throw isWorthWaiting(error, maxMs) ? error : new AbortError(error as Error)
      }
    },
    {
      retries: tries - 1,
      minTimeout: 0,
      maxTimeout: 0,
      signal,
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0) return
        const asked = (error as RetryableError).retryAfterMs
        const waitMs = asked ?? Math.random() * Math.min(maxMs, baseMs * 2 ** (attemptNumber - 1))
        await sleep(waitMs, undefined, { signal })
      },
    },
  )
}

const isWorthWaiting = (error: unknown, maxMs: number): boolean =>
  error instanceof RetryableError && error.kind === 'retryable' && (error.retryAfterMs ?? 0) <= maxMs
