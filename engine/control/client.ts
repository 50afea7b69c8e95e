import { type IncomingMessage, request } from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import { type ErrorCode, StratumError } from '../errors.ts'
import { findAddress } from './address.ts'
import { toJson } from './json.ts'

/** Nobody answers on a data directory: unlike a NOT_FOUND that an operation itself has answered. */
export class NoEngine extends StratumError {
  constructor(dir: string) {
    super('NOT_FOUND', `no engine is running on ${dir}: start one with stratum start --data ${dir}`)
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

type Line =
  | { readonly item: unknown }
  | { readonly end: true }
  | { readonly error: { code: ErrorCode | null; message: string; details: readonly string[] } }

/**
 * What the engine that owns a data directory answers to `op`, value by value. Leaving the loop early stops the op.
 * @throws NoEngine when no engine runs there, StratumError STORE_UNAVAILABLE when it ends before its answer does,
 *   and whatever the op threw; the signal's reason when it is aborted
 */
export async function* callControl(
  dir: string,
  op: string,
  args: unknown,
  { signal }: CallOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  signal?.throwIfAborted()
  const response = await open(dir, op, args, signal)
  try {
    for await (const text of lines(response)) {
      const line = JSON.parse(text) as Line
      if ('error' in line) throw asError(line.error)
      if ('end' in line) return
      yield line.item
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (isBroken(error)) throw stopped(dir, error)
    throw error
  } finally {
    response.destroy()
  }
  signal?.throwIfAborted()
  throw stopped(dir)
}

/** Whole lines only: what comes after the last line end was cut off. */
async function* lines(response: IncomingMessage): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const parts = decoder.write(chunk).split('\n')
    parts[0] = rest + parts[0]
    rest = parts.pop() ?? ''
    yield* parts
  }
}

/** The one value of an op that gives one; undefined when it gives none. */
export async function askControl(
  dir: string,
  op: string,
  args: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  let value: unknown
  for await (const item of callControl(dir, op, args, options)) value = item
  return value
}

function open(dir: string, op: string, args: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
  const socketPath = findAddress(dir)
  if (socketPath === '') return Promise.reject(new NoEngine(dir))
  return new Promise((done, fail) => {
    const path = `/${encodeURIComponent(op)}`
    const sent = request(
      { socketPath, path, method: 'POST', agent: false, ...(signal ? { signal } : {}) },
      done,
    )
    sent.on('error', error => {
      if (signal?.aborted) return fail(signal.reason)
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR'].includes(code)) fail(new NoEngine(dir))
      else if (code === 'EACCES')
        fail(new StratumError('STORE_REFUSED', `the engine on ${dir} belongs to another user`))
      else fail(stopped(dir, error))
    })
    sent.end(toJson(args))
  })
}

function stopped(dir: string, cause?: unknown): StratumError {
  return new StratumError(
    'STORE_UNAVAILABLE',
    `the engine on ${dir} ended before it had answered: try again`,
    { cause },
  )
}

const isBroken = (error: unknown) =>
  ['ECONNRESET', 'EPIPE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '')

function asError({
  code,
  message,
  details,
}: {
  code: ErrorCode | null
  message: string
  details: readonly string[]
}) {
  return code === null ? new Error(message) : new StratumError(code, message, { details })
}
