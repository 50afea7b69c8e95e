import { readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Fault } from './faults.ts'
import { Faults } from './faults.ts'
import { Refusal, refusalOf, statusOf } from './refusal.ts'
import { type Request, requestOf } from './request.ts'
import { type Outcome, Statements, type Users } from './statements.ts'

/** What the process is started with: JSON, its only argument. */
export interface ProgramOptions {
  readonly dir: string
  readonly port: number
  readonly users: Users
  readonly keepAliveMs: number
  /** PEM: the server's key and certificates; with `ca` clients need a certificate too. */
  readonly tls?: { readonly server: string; readonly ca?: string }
}

/** An insert as the server met it. */
export interface Insert {
  readonly token: string
  readonly fault: Fault['do'] | null
  /** It was run to its end. */
  done: boolean
}

const { dir, port, users, keepAliveMs, tls } = JSON.parse(process.argv[2]!) as ProgramOptions
for (const name of readdirSync(dir)) if (name.startsWith('body-')) rmSync(join(dir, name))
const statements = new Statements(dir, users)
const faults = new Faults()
const inserts: Insert[] = []

const server = tls
  ? createTlsServer(
      { key: tls.server, cert: tls.server, ...(tls.ca ? { ca: tls.ca, requestCert: true } : {}) },
      onRequest,
    )
  : createServer(onRequest)
server.keepAliveTimeout = keepAliveMs
server.requestTimeout = 0
server.listen(port, '127.0.0.1')

function onRequest(incoming: IncomingMessage, response: ServerResponse): void {
  handle(incoming, response).catch(error => {
    if (!response.headersSent && !response.destroyed) refuse(response, error)
  })
}

async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url!, 'http://localhost')
  if (pathname === '/ping') return void response.end('Ok.\n')
  if (pathname === '/__faults') return control(incoming, response)
  if (pathname === '/__inserts') return void response.end(JSON.stringify(inserts))
  const request = await requestOf(incoming)
  authenticate(request)
  const fault = faults.next(request.insert ? 'insert' : 'query')
  const met: Insert = {
    token: request.settings.insert_deduplication_token ?? '',
    fault: fault?.do ?? null,
    done: false,
  }
  if (request.insert) inserts.push(met)
  const run = async () => {
    const outcome = await statements.run(request)
    met.done = true
    return outcome
  }
  if (fault?.do === 'late') {
    response.destroy()
    await wait(fault.ms ?? 0)
    await run()
    return
  }
  const { when = 'before' } = fault ?? {}
  if (fault && when === 'before') return strike(fault, response)
  if (fault && when === 'during') setTimeout(() => die(), fault.ms ?? 0)
  const outcome = await run()
  if (fault) return strike(fault, response, { request, outcome })
  answer(response, request, outcome)
}

/** Lets a fault happen; `made`: what would have been answered. */
function strike(fault: Fault, response: ServerResponse, made?: { request: Request; outcome: Outcome }): void {
  if (fault.do === 'die') die()
  if (fault.do === 'close') response.destroy()
  if (fault.do === 'cut') {
    const bytes = made?.outcome.bytes ?? Buffer.alloc(0)
    // Said to be longer than it is: an answer without a row can be cut too.
    response.writeHead(200, { 'Content-Length': bytes.length + 1 })
    response.flushHeaders()
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
  }
  if (fault.do !== 'error') return
  if (fault.code !== undefined)
    return refuse(response, new Refusal(fault.code, 'Injected fault.', 'INJECTED'), fault.status)
  response.writeHead(fault.status ?? 500, { 'Content-Type': 'text/html' })
  response.end('<html><body><h1>Internal Server Error</h1></body></html>')
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('killed')
}

function authenticate({ user, password }: Request): void {
  if (users[user]?.password === password) return
  throw new Refusal(
    516,
    `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
    'AUTHENTICATION_FAILED',
  )
}

function answer(response: ServerResponse, request: Request, { bytes, rowsRead, bytesRead }: Outcome): void {
  // Of what an insert has written chDB says nothing.
  const summary = request.insert ? {} : { read_rows: String(rowsRead), read_bytes: String(bytesRead) }
  const isJson = /^JSON/.test(request.format)
  response.writeHead(200, {
    'Content-Type': isJson
      ? 'application/x-ndjson; charset=UTF-8'
      : 'text/tab-separated-values; charset=UTF-8',
    'X-ClickHouse-Query-Id': request.queryId,
    'X-ClickHouse-Format': request.format,
    'X-ClickHouse-Summary': JSON.stringify(summary),
    ...(request.gzip ? { 'Content-Encoding': 'gzip' } : {}),
  })
  response.end(request.gzip ? gzipSync(bytes) : bytes)
}

function refuse(response: ServerResponse, error: unknown, status?: number): void {
  const { code, text } = refusalOf(error)
  response.writeHead(status ?? statusOf(code), {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(code),
  })
  response.end(`${text} (version 26.7.2.1)\n`)
}

/** GET: the faults in force and how often each has struck. POST: more of them. DELETE: none any more. */
async function control(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (incoming.method === 'POST') faults.add((await json(incoming)) as Fault[])
  if (incoming.method === 'DELETE') faults.clear()
  response.end(JSON.stringify(faults.list))
}
