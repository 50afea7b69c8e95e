import { type Agent, request as http } from 'node:http'
import { request as https } from 'node:https'

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly agent: Agent
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface Answer {
  readonly url: URL
  readonly status: number
  readonly body: string
  readonly location: string | undefined
  /** Seconds. */
  readonly retryAfter: string | undefined
}

const MOST_BYTES = 32 << 20

/** One request, one answer. Fails when no whole answer has come in time; `code` says why (`ETIMEDOUT`, …). */
export function send(asked: Asked): Promise<Answer> {
  const { url, method, agent, body, timeoutMs, signal } = asked
  const headers = { ...asked.headers, ...(body === undefined ? {} : { 'content-length': length(body) }) }
  const make = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const sent = make(url, { method, headers, agent })
    // A timer and a listener of its own: what `AbortSignal.any` makes may be collected before its time.
    const end = (error: unknown) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      reject(error)
      sent.destroy()
    }
    const stop = () => end(signal.reason)
    const late = () =>
      end(Object.assign(new Error(`no answer in ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(late, timeoutMs)
    signal.addEventListener('abort', stop)
    sent.on('error', end)
    sent.on('response', answer => {
      whole(answer).then(text => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        const { location, 'retry-after': retryAfter } = answer.headers
        resolve({ url, status: answer.statusCode!, body: text, location, retryAfter })
      }, end)
    })
    sent.end(body)
  })
}

async function whole(answer: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES >> 20} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const length = (body: string) => String(Buffer.byteLength(body))
