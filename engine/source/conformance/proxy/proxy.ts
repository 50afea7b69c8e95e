import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { messageOf } from '../../../errors.ts'
import type { Fault, Plan } from './fault.ts'
import { rewriter } from './rewrite.ts'

/** A request that came by. */
export interface Seen {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** Of the connection, not of the answer (RFC 9110 §7.6.1); length and coding are the proxy's own. */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding']

/** Stands between a connector and the platform: counts, and spoils what it is told to. HTTP without TLS. */
export class FaultProxy {
  readonly #server: Server
  readonly #target: URL
  readonly #agent = new Agent({ keepAlive: true })
  readonly seen: Seen[] = []
  #plan: Plan | null = null
  #planned = 0

  private constructor(server: Server, target: URL) {
    this.#server = server
    this.#target = target
  }

  static async start(target: URL): Promise<FaultProxy> {
    const server = createServer({ keepAliveTimeout: 60_000 })
    const proxy = new FaultProxy(server, target)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      proxy.#pass(request, response).catch(error => {
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end(`the platform does not answer: ${messageOf(error)}`)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get requests(): number {
    return this.seen.length
  }

  /** From now on; null: all is well again. */
  spoil(plan: Plan | null): void {
    this.#plan = plan
    this.#planned = 0
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    this.seen.push({ at: performance.now(), method, path: url, headers })
    const fault = this.#plan?.(++this.#planned) ?? null
    const body = await buffer(request)
    if (fault === null || ['cut', 'half', 'whole'].includes(fault.kind))
      return this.#forward(request, body, response, fault)
    if (fault.kind === 'drop') request.socket.destroy()
    if (fault.kind === 'answer') answer(fault, request, body, response)
  }

  async #forward(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    fault: Fault | null,
  ): Promise<void> {
    const { 'accept-encoding': _, host: __, 'transfer-encoding': ___, ...kept } = headers
    const asked = send(new URL(url ?? '/', this.#target), {
      method: method ?? 'GET',
      agent: this.#agent,
      headers: { ...kept, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
    })
    asked.end(body)
    const [answered] = (await once(asked, 'response')) as [IncomingMessage]
    const rewrite = rewriter(this.#target.origin, this.origin)
    const heads: Record<string, string | string[]> = {}
    for (const [name, value] of Object.entries(answered.headers))
      if (value !== undefined && !HOP.includes(name))
        heads[name] = typeof value === 'string' ? rewrite.text(value) : value
    const whole = rewrite.body(await buffer(answered), answered.headers)
    if (answered.headers['content-encoding']) heads['content-encoding'] = answered.headers['content-encoding']
    const status = answered.statusCode ?? 502
    if (fault === null || fault.kind === 'whole' || whole.length < 2 || method === 'HEAD') {
      response.writeHead(status, { ...heads, 'content-length': whole.length })
      response.end(whole, fault?.kind === 'whole' ? fault.after : undefined)
      return
    }
    const half = whole.subarray(0, whole.length >> 1)
    if (fault.kind === 'half') {
      response.writeHead(status, { ...heads, 'content-length': half.length }).end(half)
      return
    }
    response.writeHead(status, { ...heads, 'content-length': whole.length })
    response.write(half, () => response.destroy())
  }
}

function answer(
  { status, headers, body, echo }: Extract<Fault, { kind: 'answer' }>,
  request: IncomingMessage,
  sent: Buffer,
  response: ServerResponse,
): void {
  const told = {
    request: `${request.method} ${request.url}`,
    headers: request.headers,
    body: sent.toString(),
  }
  const text = echo ? JSON.stringify({ error: { message: JSON.stringify(told), ...told } }) : (body ?? '{}')
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
