import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { messageOf, StratumError } from '../errors.ts'
import { redactText } from '../telemetry/redact.ts'
import { toJson } from './json.ts'

/**
 * What a running engine does for another command. It gives one value or, as an AsyncIterable, many; it stops soon
 * after `signal` aborts (the caller has gone, or the engine ends). `args` come from another process: check them.
 */
export type Op = (args: unknown, signal: AbortSignal) => Promise<unknown> | AsyncIterable<unknown>

/** Runs an op and writes what it gives, no faster than the caller reads. */
export async function answer(
  response: ServerResponse,
  work: () => Promise<readonly [Op, unknown]>,
  ending: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const onEnding = () => stop.abort(ending.reason)
  ending.addEventListener('abort', onEnding)
  if (ending.aborted) onEnding()
  response.on('close', () => stop.abort(new Error('the caller has gone')))
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' })
  response.flushHeaders()
  const write = async (line: unknown) => {
    if (!response.write(`${toJson(line)}\n`)) await once(response, 'drain', { signal: stop.signal })
  }
  try {
    const [op, args] = await work()
    const result = op(args, stop.signal)
    if (isIterable(result)) await writeAll(result, stop.signal, write)
    else {
      const item = await untilAborted(result, stop.signal)
      if (item !== undefined) await write({ item })
    }
    response.end('{"end":true}\n')
  } catch (error) {
    const reason = stop.signal.aborted ? stop.signal.reason : error
    if (!response.destroyed) response.end(`${toJson({ error: describe(reason) })}\n`)
  } finally {
    ending.removeEventListener('abort', onEnding)
  }
}

async function writeAll(
  items: AsyncIterable<unknown>,
  signal: AbortSignal,
  write: (line: unknown) => Promise<void>,
) {
  const iterator = items[Symbol.asyncIterator]()
  let finished = false
  try {
    while (true) {
      const next = await untilAborted(iterator.next(), signal)
      if (next.done) {
        finished = true
        return
      }
      await write({ item: next.value })
    }
  } finally {
    // Not awaited: an op that waits for something else and does not look at its signal must not hold the socket.
    if (!finished) iterator.return?.()?.catch(() => {})
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const onAbort = () => fail(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    promise.then(done, fail).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

const isIterable = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value

function describe(error: unknown) {
  return {
    code: error instanceof StratumError ? error.code : null,
    message: redactText(messageOf(error)),
    details: error instanceof StratumError ? error.details.map(redactText) : [],
  }
}
