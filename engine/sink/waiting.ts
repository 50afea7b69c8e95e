import { setTimeout as sleep } from 'node:timers/promises'

/** Between two attempts: 0.2 s, twice as long each time, 10 s at most. */
export async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(10_000, 100 * 2 ** Math.min(attempt, 7)), undefined, { signal })
}

/** Aborts so long after `signal` did. */
export function later(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController()
  const begin = () => void setTimeout(() => controller.abort(signal.reason), ms).unref()
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return controller.signal
}
