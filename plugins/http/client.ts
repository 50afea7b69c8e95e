import { setMaxListeners } from 'node:events'
import { ConnectorError, messageOf, RetryableError } from '../errors.ts'
import { judgeStatus } from './errors.ts'
import { type Answer, type Ask, type Draft, draftOf, isIdempotent, isSafe, type Query } from './message.ts'
import { pagesOf } from './paging/pages.ts'
import type { Page, Paging, Position } from './paging/paging.ts'
import type { HttpContext, Part, Verdict } from './part.ts'
import { PERSISTENCE, type Persistence, persist } from './persist.ts'
import { SEND_LIMITS, type SendLimits, send } from './send.ts'

/** Speaks to one platform: what it is made of adds credentials, keeps limits, tries again, tells errors apart. */
export interface HttpClient {
  get<T = unknown>(path: string, query?: Query): Promise<T>
  post<T = unknown>(path: string, json: unknown, more?: Partial<Ask>): Promise<T>
  /** The whole answer of any request. @throws ConnectorError as the parts judge */
  ask(ask: Ask): Promise<Answer>
  /** The pages of a list, from a position on (null: the first). */
  pages<T = unknown>(ask: Ask | string, paging: Paging, from?: Position | null): AsyncGenerator<Page<T>>
}

/** Overrides limits of waiting and size, as a part. */
export interface Patience extends Part {
  readonly patience: Partial<SendLimits & Persistence>
}

export const patience = (values: Partial<SendLimits & Persistence>): Patience => ({ patience: values })

/**
 * A client of the platform at `base`, made of parts in the order in which they act:
 * `http(context, config.baseUrl, bearer(config.token), budget(…), errors(…))`.
 */
export function http(context: HttpContext, base: string, ...parts: readonly Part[]): HttpClient {
  return new Client(context, new URL(base.endsWith('/') ? base : `${base}/`), parts)
}

class Client implements HttpClient {
  readonly #context: HttpContext
  readonly #base: URL
  readonly #parts: readonly Part[]
  readonly #limits: SendLimits
  readonly #persistence: Persistence

  constructor(context: HttpContext, base: URL, parts: readonly Part[]) {
    // Calls of all accounts may be under way at once, and each listens: that is no leak.
    setMaxListeners(0, context.signal)
    this.#context = context
    this.#base = base
    this.#parts = parts
    const own = Object.assign({}, ...parts.map(part => (part as Partial<Patience>).patience ?? {}))
    const { backOffMs, silentMs } = context.pace ?? {}
    this.#limits = { ...SEND_LIMITS, ...own, ...(silentMs === undefined ? {} : { silentMs }) }
    this.#persistence = { ...PERSISTENCE, ...own, ...(backOffMs === undefined ? {} : { baseMs: backOffMs }) }
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.ask({ path, query })).json<T>()
  }

  async post<T>(path: string, json: unknown, more: Partial<Ask> = {}): Promise<T> {
    const ask: Ask = { method: 'POST', path, json, ...more }
    const answer = await this.ask(ask)
    try {
      return answer.json<T>()
    } catch (error) {
      throw isIdempotent(ask) ? perhapsMade(error) : unknownOutcome(error)
    }
  }

  async ask(ask: Ask): Promise<Answer> {
    const { signal } = this.#context
    let renewed = false
    /** A try before may have been done, whatever the last one says. */
    let perhapsDone = false
    try {
      return await persist(
        async () => {
          const { answer, draft } = await this.#once(ask).catch((error: unknown) => {
            perhapsDone ||= error instanceof RetryableError && error.kind === 'retryable'
            throw error
          })
          const verdict = this.#judge(answer)
          if (verdict === 'ok') return answer
          if (
            verdict.kind === 'auth' &&
            verdict.lack !== 'permission' &&
            !renewed &&
            (await this.#renew(draft))
          ) {
            renewed = true
            const again = await this.#once(ask)
            const second = this.#judge(again.answer)
            if (second === 'ok') return again.answer
            throw second
          }
          // It may have been done before the platform failed.
          if (answer.status >= 500 && verdict.kind === 'retryable' && !isIdempotent(ask))
            throw unknownOutcome(verdict)
          // Refused for now is not done; an error that is the platform's own may be.
          perhapsDone ||= verdict.kind === 'retryable' && (answer.status < 400 || answer.status >= 500)
          throw verdict
        },
        this.#persistence,
        signal,
      )
    } catch (error) {
      signal.throwIfAborted()
      throw this.#masked(perhapsDone && !isSafe(ask) ? perhapsMade(error) : error)
    }
  }

  pages<T>(ask: Ask | string, paging: Paging, from: Position | null = null): AsyncGenerator<Page<T>> {
    const first = typeof ask === 'string' ? { path: ask } : ask
    return pagesOf<T>(one => this.ask(one), first, paging, from)
  }

  async #once(ask: Ask): Promise<{ readonly answer: Answer; readonly draft: Draft }> {
    const { signal } = this.#context
    const ends: ((answer: Answer | null) => void)[] = []
    let answer: Answer | null = null
    try {
      for (const part of this.#parts) if (part.admit) ends.push(await part.admit(ask, this.#context))
      const draft = draftOf(this.#base, ask)
      for (const part of this.#parts) await part.prepare?.(draft, this.#context)
      await this.#context.beforeSend?.(draft.method)
      answer = await send(ask, draft, this.#limits, signal).catch(error => {
        throw error instanceof RetryableError && error.kind === 'retryable' && !isIdempotent(ask)
          ? unknownOutcome(error)
          : error
      })
      return { answer, draft }
    } finally {
      for (const end of ends) end(answer)
    }
  }

  #judge(answer: Answer): NonNullable<Verdict> {
    for (const part of this.#parts) {
      const verdict = part.judge?.(answer)
      if (verdict !== undefined) return verdict
    }
    return judgeStatus(answer, this.#context.now())
  }

  async #renew(refused: Draft): Promise<boolean> {
    for (const part of this.#parts) if (await part.renew?.(refused, this.#context)) return true
    return false
  }

  /** A platform may say in its error what it was sent. */
  #masked(error: unknown): unknown {
    if (!(error instanceof Error)) return error
    const secrets = this.#parts.flatMap(part => part.secrets?.() ?? []).filter(s => s.length > 3)
    for (const secret of secrets)
      for (const form of new Set([secret, encodeURIComponent(secret)]))
        if (error.message.includes(form)) error.message = error.message.replaceAll(form, '***')
    return error
  }
}

/** It may be asked again; who does not do so has to look whether it was done. */
const perhapsMade = (error: unknown): unknown =>
  Object.assign(error as Error, { outcome: 'unknown' as const })

/** Asked again, it might be done twice. */
const unknownOutcome = (cause: unknown): ConnectorError =>
  Object.assign(
    new ConnectorError('fatal', `${messageOf(cause)}. Whether it was done is not known`, { cause }),
    { outcome: 'unknown' as const },
  )
