import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import { StratumError } from '../errors.ts'
import { logger } from '../telemetry/logger.ts'
import { findAddress, makeAddress } from './address.ts'
import { answer, type Op } from './answer.ts'

export type Ops = Readonly<Record<string, Op>>

export interface Control {
  /** Aborts what is being answered and stops listening. */
  close(): Promise<void>
}

const LARGEST_REQUEST = 16 * 1024 * 1024
const PATIENCE_MS = 1000

/**
 * Answers `callControl` of other processes over a Unix socket in the data directory, for its user only. Call it as
 * the owner of the directory: a socket nobody answers on is replaced.
 *
 * Protocol: `POST /<op>` with JSON arguments; the answer is NDJSON, `{"item":…}` a value, then `{"end":true}` or
 * `{"error":{"code","message","details"}}`.
 * @throws StratumError DATA_DIR_IN_USE when somebody answers there already
 */
export async function serveControl(dir: string, ops: Ops): Promise<Control> {
  mkdirSync(dir, { recursive: true })
  if (await isAnswered(findAddress(dir))) {
    throw new StratumError('DATA_DIR_IN_USE', `another engine answers on ${dir}: stop it first`)
  }
  const { path, remove } = makeAddress(dir)
  rmSync(path, { force: true })
  const ending = new AbortController()
  const server = createServer((request, response) => {
    const work = async () => [find(ops, request.url), await readArgs(request)] as const
    answer(response, work, ending.signal).catch(error => {
      logger('control').warn({ err: error, op: request.url }, 'an answer broke off')
      response.destroy()
    })
  })
  await listen(server, path)
  return {
    async close() {
      ending.abort(new StratumError('STORE_UNAVAILABLE', 'the engine is stopping'))
      const closed = new Promise<void>(done => server.close(() => done()))
      // Answers end by themselves now; a caller that does not read must not keep the engine from stopping.
      const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
      await closed
      clearTimeout(patience)
      remove()
    },
  }
}

function find(ops: Ops, url = '/'): Op {
  const name = decodeURIComponent(url.slice(1))
  const op = Object.hasOwn(ops, name) ? ops[name] : undefined
  if (op) return op
  const known = Object.keys(ops).sort().join(', ')
  throw new StratumError(
    'NOT_FOUND',
    `the running engine does not know "${name}"; it knows ${known || 'nothing'}`,
  )
}

async function readArgs(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_REQUEST)
      throw new StratumError('USAGE', `arguments of more than ${LARGEST_REQUEST} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || 'null')
  } catch (cause) {
    throw new StratumError('USAGE', 'the arguments are not JSON', { cause })
  }
}

/** Listens with permissions 0600 from the first instant on, where the umask can be set (not in a worker thread). */
async function listen(server: Server, path: string): Promise<void> {
  let umask: number | null = null
  try {
    umask = process.umask(0o177)
  } catch {
    umask = null
  }
  try {
    const listening = new Promise<void>((done, fail) => server.once('listening', done).once('error', fail))
    server.listen(path)
    if (umask !== null) process.umask(umask)
    await listening
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code
    throw new StratumError('CONFIG_INVALID', `cannot listen on ${path} (${why}): choose another --data DIR`, {
      cause,
    })
  }
  chmodSync(path, 0o600)
}

function isAnswered(path: string): Promise<boolean> {
  if (path === '') return Promise.resolve(false)
  return new Promise(done => {
    const socket = connect(path)
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}
