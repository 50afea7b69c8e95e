import type { ConnectorError } from '../../../plugins/errors.ts'
import { cut } from '../../../plugins/money/index.ts'
import { isObject, type Json } from './exact-json.ts'

/** One error of a `GoogleAdsFailure` (platforms.md §2.4): `quotaError`, `RESOURCE_EXHAUSTED`. */
export interface ApiError {
  readonly category: string
  readonly code: string
  readonly message: string
  /** Where in the request: `operations[0].update.amount_micros`. */
  readonly place: string | null
  /** What the platform asks to wait. */
  readonly retryMs: number | null
}

export interface Failure {
  /** Of google.rpc.Code: `PERMISSION_DENIED`. */
  readonly status: string | null
  readonly message: string
  readonly errors: readonly ApiError[]
  readonly requestId: string | null
}

/** `{error: {code, message, status, details}}`, which searchStream has in a list. Null: it is no error. */
export function failureIn(body: unknown): Failure | null {
  const whole = Array.isArray(body) ? body[0] : body
  const error = isObject(whole) ? whole.error : null
  return isObject(error) ? failureOf(error) : null
}

/** A google.rpc.Status: an answer's `error`, or the `partialFailureError` of a mutate. */
export function failureOf(status: Json): Failure {
  const details = (Array.isArray(status.details) ? status.details : []).filter(isObject)
  const failures = details.filter(detail => String(detail['@type']).endsWith('.GoogleAdsFailure'))
  const errors = failures.flatMap(f =>
    (Array.isArray(f.errors) ? f.errors : []).filter(isObject).map(errorOf),
  )
  const requestId = failures.map(f => f.requestId).find(id => typeof id === 'string')
  return {
    status: typeof status.status === 'string' ? status.status : null,
    message: words(status.message),
    errors,
    requestId: requestId === undefined ? null : String(requestId),
  }
}

function errorOf(error: Json): ApiError {
  const [category, code] = Object.entries(isObject(error.errorCode) ? error.errorCode : {})[0] ?? []
  const quota = isObject(error.details) ? error.details.quotaErrorDetails : null
  return {
    category: category ?? 'unknown',
    code: String(code ?? 'UNKNOWN'),
    message: words(error.message),
    place: placeOf(error.location),
    retryMs: durationMs(isObject(quota) ? quota.retryDelay : null),
  }
}

function placeOf(location: unknown): string | null {
  const path = isObject(location) ? location.fieldPathElements : null
  if (!Array.isArray(path) || path.length === 0) return null
  return path
    .filter(isObject)
    .map(({ fieldName, index }) => `${fieldName}${index === undefined ? '' : `[${index}]`}`)
    .join('.')
}

/** google.protobuf.Duration as JSON: `30s`, `1.5s`. */
export const durationMs = (text: unknown): number | null =>
  typeof text === 'string' && /^\d+(\.\d+)?s$/.test(text) ? Math.ceil(Number(text.slice(0, -1)) * 1000) : null

const words = (text: unknown): string =>
  typeof text === 'string' ? cut(text.replace(/\s+/g, ' ').trim(), 300) : ''

const SHOWN = 3

/** All that the platform says, in one line. */
export function saidIn({ errors, status, message, requestId }: Failure): string {
  const shown = errors
    .slice(0, SHOWN)
    .map(e => `${e.category}.${e.code}: ${e.message}${e.place === null ? '' : ` (at ${e.place})`}`)
  const more = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more`] : []
  const said =
    errors.length > 0 ? [...shown, ...more].join('; ') : [status, message].filter(Boolean).join(': ')
  return `${said}${requestId === null ? '' : ` (request ${requestId})`}`
}

/** An error with the code the platform gave it: `requestError.EXPIRED_PAGE_TOKEN`. */
export const coded = <E extends ConnectorError>(error: E, { errors: [first] }: Failure): E =>
  first === undefined ? error : Object.assign(error, { code: `${first.category}.${first.code}` })

export const codeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : null
}
