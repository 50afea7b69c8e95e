import { setMaxListeners } from 'node:events'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StratumError } from '../../errors.ts'
import { tlsOptions } from '../../store/tls.ts'
import { authorization, checkedUrl, type RegistryConnection } from './connection.ts'
import { type Answer, type Asked, send } from './request.ts'
import { busy, unheard } from './trouble.ts'

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'
const PATIENCE = { rounds: 5, firstMs: 100 }
/** No round is begun after so long: whoever asked can wait better. */
const MOST_MS = 30_000
const LONGEST_PAUSE_MS = 2_000
const HOPS = 5

/**
 * The nodes of one registry. The one that answered last is asked first; when it does not answer, or says that it
 * cannot just now, the next is, and after all of them, the first again a little later. All that is asked of a
 * registry can be asked twice.
 */
export class Nodes {
  readonly #urls: readonly URL[]
  readonly #c: RegistryConnection
  readonly #http: HttpAgent
  readonly #https: HttpsAgent
  readonly #closing = new AbortController()
  #first = 0

  /** @throws CONFIG_INVALID: a URL that is none, a file that cannot be read */
  constructor(connection: RegistryConnection) {
    this.#c = connection
    // Every request and pause under way listens to it.
    setMaxListeners(0, this.#closing.signal)
    this.#urls = connection.urls.map(checkedUrl)
    const kept = { keepAlive: true, maxSockets: 8 }
    this.#http = new HttpAgent(kept)
    this.#https = new HttpsAgent({ ...kept, ...tlsOptions('registry', connection.tls ?? {}) })
  }

  /**
   * An answer that stands: any but 408, 429 and those from 500 on.
   * @throws STORE_UNAVAILABLE
   */
  async ask(method: Asked['method'], path: string, body?: string): Promise<Answer> {
    const { rounds, firstMs } = this.#c.patience ?? PATIENCE
    const until = performance.now() + MOST_MS
    let trouble!: StratumError
    let pauseMs = 0
    for (let round = 0; round < rounds && (round === 0 || performance.now() < until); round++) {
      if (round > 0) {
        const backOff = Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (round - 1)) * (0.5 + Math.random())
        await sleep(Math.max(backOff, pauseMs), undefined, { signal: this.#closing.signal })
      }
      pauseMs = 0
      for (let i = 0; i < this.#urls.length; i++) {
        const at = (this.#first + i) % this.#urls.length
        const url = this.#urls[at]!
        try {
          const answer = await this.#follow(method, url, path, body)
          if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
            this.#first = at
            return answer
          }
          trouble = busy(answer)
          pauseMs = Math.min(10_000, Math.max(pauseMs, 1000 * (Number(answer.retryAfter) || 0)))
        } catch (error) {
          if (this.#closing.signal.aborted) throw error
          trouble = unheard(error, url)
        }
      }
    }
    throw trouble
  }

  /** A node that is not the leader may send a question on. */
  async #follow(method: Asked['method'], base: URL, path: string, body?: string): Promise<Answer> {
    let url = new URL(base.pathname.replace(/\/$/, '') + path, base)
    for (let hop = 0; ; hop++) {
      const answer = await this.#send(method, url, body)
      const { status, location } = answer
      const sentOn = status === 307 || status === 308 || (method === 'GET' && status > 300 && status < 304)
      if (!sentOn || location === undefined) return answer
      if (hop === HOPS) throw new Error(`it is sent on and on, at last to ${location}`)
      url = new URL(location, url)
      if (!/^https?:$/.test(url.protocol)) throw new Error(`it is sent on to ${location}`)
    }
  }

  #send(method: Asked['method'], url: URL, body: string | undefined): Promise<Answer> {
    const auth = this.#isOurs(url) ? authorization(this.#c) : undefined
    const headers = {
      accept: `${CONTENT_TYPE}, application/json`,
      ...(body === undefined ? {} : { 'content-type': CONTENT_TYPE }),
      ...(auth === undefined ? {} : { authorization: auth }),
    }
    const agent = url.protocol === 'https:' ? this.#https : this.#http
    const { timeoutMs = 10_000 } = this.#c
    return send({ method, url, headers, body, agent, timeoutMs, signal: this.#closing.signal })
  }

  /** Passwords go to the hosts that were named, and nowhere else; never in the clear where they were not before. */
  #isOurs({ hostname, protocol }: URL): boolean {
    return this.#urls.some(own => own.hostname === hostname && own.protocol === protocol)
  }

  close(): void {
    this.#closing.abort()
    this.#http.destroy()
    this.#https.destroy()
  }
}
