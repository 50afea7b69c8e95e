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
export async function send(asked: Asked): Promise<Answer> {
  const { url, method, agent, body, timeoutMs } = asked
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeoutMs)
  const signal = AbortSignal.any([asked.signal, late.signal])
  const headers = { ...asked.headers, ...(body === undefined ? {} : { 'content-length': length(body) }) }
  try {
    return await new Promise((resolve, reject) => {
      const make = url.protocol === 'https:' ? https : http
      const sent = make(url, { method, headers, agent, signal }, async answer => {
        try {
          const chunks: Buffer[] = []
          let size = 0
          for await (const chunk of answer as AsyncIterable<Buffer>) {
            size += chunk.length
            if (size > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES >> 20} MB`)
            chunks.push(chunk)
          }
          const { location, 'retry-after': retryAfter } = answer.headers
          const text = Buffer.concat(chunks).toString()
          resolve({ url, status: answer.statusCode!, body: text, location, retryAfter })
        } catch (error) {
          reject(error)
        }
      })
      sent.on('error', reject)
      sent.end(body)
    })
  } catch (error) {
    if (!late.signal.aborted || asked.signal.aborted) throw error
    throw Object.assign(new Error(`no answer in ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' })
  } finally {
    clearTimeout(timer)
  }
}

const length = (body: string) => String(Buffer.byteLength(body))
