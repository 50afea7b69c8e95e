import {
  authError,
  type ConnectorError,
  configError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import type { Answer, Verdict } from '../../../plugins/http/index.ts'
import { bare, type Settings } from '../settings.ts'
import { bodyOf } from './exact-json.ts'
import { type ApiError, coded, type Failure, failureIn, saidIn } from './failure.ts'

/** What an answer means, by the errors in its body (platforms.md §2.4). Without a body of that kind the status says it. */
export const judgeBy =
  (settings: Settings) =>
  (answer: Answer): Verdict => {
    const isOk = answer.status >= 200 && answer.status < 300
    const failure = failureIn(body(answer, isOk))
    if (failure === null) return isOk ? 'ok' : undefined
    if (failure.errors.length === 0) return bySaid(failure, answer)
    return coded(meaningOf(failure, settings), failure)
  }

/** @throws RetryableError: a good status without JSON, as when the body was cut off */
function body(answer: Answer, isOk: boolean): unknown {
  try {
    return bodyOf(answer)
  } catch (error) {
    if (isOk) throw error
    return null
  }
}

/** What the errors of a failure come to: that of the first, which is what the platform stopped at. */
export function meaningOf(failure: Failure, settings: Settings): ConnectorError {
  const said = saidIn(failure)
  const [first] = failure.errors
  if (first === undefined) return fatalError(`Google Ads refuses the request: ${said}`)
  const { category, code } = first
  if (category === 'authenticationError') return authentication(first, said)
  if (category === 'authorizationError')
    return permissionError(
      `the credentials are good, but a right is missing on Google Ads: ${said}${hint(code, settings)}`,
    )
  if (category === 'quotaError') return quota(first, said)
  if (category === 'internalError' || `${category}.${code}` === 'databaseError.CONCURRENT_MODIFICATION')
    return new RetryableError(`Google Ads has an outage: ${said}`)
  if (category === 'headerError')
    return configError(`is refused by Google Ads: ${said}`, '/login_customer_id')
  if (code === 'UNSUPPORTED_VERSION')
    return configError(`names a version that Google Ads serves no more: ${said}`, '/base_url')
  if (code === 'INVALID_CUSTOMER_ID') return configError(`names no account: ${said}`, '/customer_ids')
  if (code === 'REQUESTED_METRICS_FOR_MANAGER')
    return configError(`names a manager account, which has no figures: ${said}`, '/customer_ids')
  if (code === 'DEVELOPER_TOKEN_PARAMETER_MISSING')
    return authError(`the developer token is missing: ${said}`)
  return fatalError(`Google Ads refuses the request: ${said}`)
}

function authentication({ code }: ApiError, said: string): ConnectorError {
  if (code === 'CUSTOMER_NOT_FOUND' || code === 'CLIENT_CUSTOMER_ID_INVALID')
    return configError(`names an account that does not exist: ${said}`, '/customer_ids')
  if (code.includes('DEVELOPER_TOKEN')) return authError(`Google Ads refuses the developer token: ${said}`)
  if (code === 'NOT_ADS_USER')
    return authError(`who authorised this has no Google Ads account: connect as somebody who has: ${said}`)
  return authError(`Google Ads refuses the access token: ${said}`)
}

/** The most frequent of all: an account that is reached through a manager (authorization_error.proto). */
function hint(code: string, { login_customer_id }: Settings): string {
  if (code !== 'USER_PERMISSION_DENIED') return ''
  return login_customer_id === undefined
    ? '. Where the account is reached through a manager account, set login_customer_id to the manager’s id'
    : `. login_customer_id is ${bare(login_customer_id)}: it must be a manager of the account that the user has access to`
}

function quota({ code, retryMs }: ApiError, said: string): ConnectorError {
  if (code === 'ACCESS_PROHIBITED')
    return permissionError(`the credentials are good, but Google Ads prohibits access: ${said}`)
  if (code === 'PAYMENTS_PROFILE_ACTIVATION_RATE_LIMIT_EXCEEDED')
    return fatalError(`Google Ads refuses the request: ${said}`)
  return new RetryableError(
    `the rate limit is reached: ${said}`,
    retryMs === null ? {} : { retryAfterMs: retryMs },
  )
}

/** An error of Google's front, without details. */
function bySaid(failure: Failure, answer: Answer): Verdict {
  const said = `HTTP ${answer.status}: ${saidIn(failure)}`
  if (failure.status === 'UNAUTHENTICATED') return authError(`Google Ads refuses the access token: ${said}`)
  if (failure.status === 'PERMISSION_DENIED')
    return permissionError(`the credentials are good, but a right is missing on Google Ads: ${said}`)
  return answer.status === 429 || answer.status >= 500 || answer.status < 400
    ? undefined
    : fatalError(`Google Ads refuses the request: ${said}`)
}
