import type { Agent } from 'undici'
import { fatalError, messageOf, RetryableError } from '../errors.ts'
import type { Answer, Ask, Draft } from './message.ts'

export interface SendLimits {
  /** To connect. Milliseconds. */
  readonly connectMs: number
  /** For the head of an answer, and between two pieces of its body. Milliseconds. */
  readonly silentMs: number
  readonly maxBytes: number
}

export const SEND_LIMITS: SendLimits = { connectMs: 10_000, silentMs: 60_000, maxBytes: 64 << 20 }

/** To one platform; further requests wait for one of them to be free. */
export const CONNECTIONS = 32

const agents = new Map<number, Agent>()

/** Connections are kept and shared by all clients of a process. */
async function agentOf(connectMs: number): Promise<Agent> {
  let agent = agents.get(connectMs)
  if (!agent) {
    const { Agent } = await import('undici')
    agent =
      agents.get(connectMs) ??
      new Agent({ connect: { timeout: connectMs }, keepAliveTimeout: 10_000, connections: CONNECTIONS })
    agents.set(connectMs, agent)
  }
  return agent
}

/**
 * Sends a request once and reads the whole answer.
 * @throws RetryableError: no answer, or one that ended early; fatal: larger than the limit; the signal's reason
 */
export async function send(ask: Ask, draft: Draft, limits: SendLimits, signal: AbortSignal): Promise<Answer> {
  const { url, method, headers, body } = draft
  const { connectMs, silentMs, maxBytes } = limits
  // Every command declares all connectors, few ask a platform.
  const { request } = await import('undici')
  try {
    const {
      statusCode,
      headers: heads,
      body: stream,
    } = await request(url, {
      method,
      headers,
      body,
      signal,
      dispatcher: await agentOf(connectMs),
      headersTimeout: silentMs,
      bodyTimeout: silentMs,
    })
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > maxBytes) {
        stream.destroy()
        throw fatalError(`${place(url)}: the answer is larger than ${maxBytes} bytes: ask for smaller pages`)
      }
      pieces.push(piece)
    }
    return new ReadAnswer(ask, statusCode, heads, Buffer.concat(pieces), place(url))
  } catch (error) {
    signal.throwIfAborted()
    if ((error as { kind?: unknown }).kind !== undefined) throw error
    throw new RetryableError(`${place(url)} cannot be reached: ${reasonOf(error)}`, { cause: error })
  }
}

/** An address without its query, where secrets may be. */
export const place = (url: URL): string => `${url.origin}${url.pathname}`

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up now',
  ECONNRESET: 'the connection was dropped',
  UND_ERR_SOCKET: 'the connection was dropped',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer ended early',
}

function reasonOf(error: unknown): string {
  const { code = '' } = error as { code?: string }
  const words = WORDS[code]
  return words === undefined ? messageOf(error) : `${words} (${code})`
}

class ReadAnswer implements Answer {
  readonly ask: Ask
  readonly status: number
  readonly #headers: Readonly<Record<string, string | string[] | undefined>>
  readonly #bytes: Buffer
  readonly #place: string
  #json: { value: unknown } | null = null

  constructor(
    ask: Ask,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    bytes: Buffer,
    from: string,
  ) {
    this.ask = ask
    this.status = status
    this.#headers = headers
    this.#bytes = bytes
    this.#place = from
  }

  header(name: string): string | null {
    const value = this.#headers[name.toLowerCase()]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }

  text(): string {
    return this.#bytes.toString('utf8')
  }

  json<T>(): T {
    if (this.#json === null)
      try {
        this.#json = { value: JSON.parse(this.text()) }
      } catch (cause) {
        const begun = this.text().slice(0, 80).replace(/\s+/g, ' ')
        throw new RetryableError(
          `${this.#place}: the answer (HTTP ${this.status}, ${this.#bytes.length} bytes) is no JSON: ${begun}`,
          { cause },
        )
      }
    return this.#json.value as T
  }
}
