import {
  authError,
  type ConnectorError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../plugins/errors.ts'
import { type Answer, errors, excerpt } from '../../plugins/http/index.ts'

/** An error with Salesforce's own code, where what follows depends on it. */
export type CodedError = ConnectorError & { readonly code?: string }

interface Said {
  readonly message?: string
  readonly errorCode?: string
}

/** The window is 24 hours and slides: room comes back bit by bit. */
const LIMIT_WAIT_MS = 15 * 60_000
const LIMITS = new Set(['REQUEST_LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'EXCEEDEDQUOTA'])
const NO_RIGHT = new Set([
  'API_DISABLED_FOR_ORG',
  'FUNCTIONALITY_NOT_ENABLED',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INVALID_TYPE',
])

/** What Salesforce's errors mean (platforms.md §7); 5xx mean what they always mean. */
export const salesforceErrors = errors(answer => {
  const { status } = answer
  if (status < 400) return undefined
  const { errorCode: code = '', message } = saidOf(answer)
  const words = message === undefined ? excerpt(answer) : `: ${message.replace(/\s+/g, ' ').slice(0, 300)}`
  const said = `HTTP ${status}${words}${code && ` (${code})`}`
  if (LIMITS.has(code.toUpperCase()))
    return new RetryableError(`the limit of 24 hours is reached: ${said}`, { retryAfterMs: LIMIT_WAIT_MS })
  if (status === 401) return authError(`the session is not valid: ${said}`)
  if (status === 403 || NO_RIGHT.has(code) || /sObject type '\w+' is not supported/.test(message ?? ''))
    return permissionError(`a right is missing: ${said}`)
  if (status >= 500 || status === 408 || status === 429) return undefined
  return Object.assign(fatalError(`the platform refuses the request: ${said}`), {
    code: code || String(status),
  })
})

function saidOf(answer: Answer): Said {
  try {
    const body: unknown = JSON.parse(answer.text())
    const first: unknown = Array.isArray(body) ? body[0] : body
    return typeof first === 'object' && first !== null ? first : {}
  } catch {
    return {}
  }
}
