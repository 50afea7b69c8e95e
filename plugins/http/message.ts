/** What an author asks of a platform. */
export interface Ask {
  readonly method?: Method
  /** Relative to the base address, or a whole address of the same origin (a link the platform gave). */
  readonly path: string
  /** Left out where undefined or null; lists and objects as JSON, as most ad platforms want them. */
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>
  /** What it costs under the platform's limits (1). */
  readonly cost?: number
  /** May be sent again when its outcome is unknown. GET, HEAD, PUT and DELETE are; a POST has to say so. */
  readonly idempotent?: boolean
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Readonly<Record<string, unknown>>

/** A request on its way: parts add to it. */
export interface Draft {
  readonly method: Method
  readonly url: URL
  readonly headers: Record<string, string>
  readonly body: string | null
}

/** An answer, read whole. */
export interface Answer {
  readonly ask: Ask
  readonly status: number
  header(name: string): string | null
  text(): string
  /** @throws RetryableError: it is no JSON; the answer ended early, or something on the way gave its own */
  json<T = unknown>(): T
}

export function draftOf(base: URL, ask: Ask): Draft {
  const url = addressOf(base, ask.path)
  for (const [name, value] of Object.entries(ask.query ?? {}))
    if (value !== undefined && value !== null)
      url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const [name, value] of Object.entries(ask.headers ?? {})) headers[name.toLowerCase()] = value
  let body: string | null = null
  if (ask.json !== undefined) {
    headers['content-type'] ??= 'application/json'
    body = JSON.stringify(ask.json)
  } else if (ask.form !== undefined) {
    headers['content-type'] ??= 'application/x-www-form-urlencoded'
    body = new URLSearchParams(ask.form).toString()
  }
  return { method: methodOf(ask), url, headers, body }
}

/** @throws RangeError: another origin; credentials go to the platform and nowhere else */
function addressOf(base: URL, path: string): URL {
  const whole = /^https?:\/\//.test(path)
  const url = whole ? new URL(path) : new URL(path.replace(/^\//, ''), base)
  if (url.origin !== base.origin)
    throw new RangeError(`${url.origin} is not the platform's own address ${base.origin}`)
  return url
}

export const methodOf = (ask: Ask): Method =>
  ask.method ?? (ask.json === undefined && ask.form === undefined ? 'GET' : 'POST')

/** It changes nothing, by its method (RFC 9110 §9.2.1). */
export const isSafe = (ask: Ask): boolean => ['GET', 'HEAD'].includes(methodOf(ask))

export const isIdempotent = (ask: Ask): boolean =>
  ask.idempotent ?? !['POST', 'PATCH'].includes(methodOf(ask))
