import { setImmediate as turn } from 'node:timers/promises'
import { Nonconformity } from './result.ts'

/** How much a connector may take before it counts as going on without end. */
export interface Limits {
  /** For one batch. Milliseconds. */
  readonly batchMs: number
  /** Of one read. */
  requests: number
  batches: number
}

/** Lets the timers run now and then: a source may never wait for anything. */
const TURN_EVERY = 64

export function guarded<T>(work: Promise<T>, limits: Limits): Promise<T>
export function guarded<T>(
  read: () => AsyncIterable<T>,
  limits: Limits,
  requests: () => number,
): AsyncGenerator<T>
export function guarded<T>(
  work: Promise<T> | (() => AsyncIterable<T>),
  limits: Limits,
  requests = () => 0,
): Promise<T> | AsyncGenerator<T> {
  return typeof work === 'function' ? guardedBatches(work, limits, requests) : within(work, limits, () => 0)
}

async function* guardedBatches<T>(
  read: () => AsyncIterable<T>,
  limits: Limits,
  requests: () => number,
): AsyncGenerator<T> {
  const before = requests()
  const asked = () => requests() - before
  const batches = read()[Symbol.asyncIterator]()
  let done = false
  try {
    for (let n = 1; ; n++) {
      const next = await within(batches.next(), limits, asked)
      if (next.done) {
        done = true
        return
      }
      if (n > limits.batches) throw new Nonconformity(`it goes on without end: ${n} batches`)
      if (n % TURN_EVERY === 0) await turn()
      yield next.value
    }
  } catch (error) {
    // Its own error has ended it, and one that hangs does not hear of it.
    done = true
    throw error
  } finally {
    if (!done) await within(Promise.resolve(batches.return?.()), limits, asked)
  }
}

async function within<T>(work: Promise<T>, limits: Limits, asked: () => number): Promise<T> {
  const begun = performance.now()
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (performance.now() - begun > limits.batchMs)
        reject(new Nonconformity(`nothing came of it for ${limits.batchMs / 1000} s`))
      if (asked() > limits.requests)
        reject(
          new Nonconformity(`it asks without end: ${asked()} requests, ${limits.requests} at most expected`),
        )
    }, 20)
  })
  try {
    return await Promise.race([work, stalled])
  } finally {
    clearInterval(timer)
  }
}
