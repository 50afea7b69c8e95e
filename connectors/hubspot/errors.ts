import { authError, fatalError, permissionError, RetryableError } from '../../plugins/errors.ts'
import { type Answer, errors, excerpt } from '../../plugins/http/index.ts'

/** The body of a HubSpot error (platforms.md §6.3); every field may be missing. */
export interface ErrorBody {
  readonly message?: string
  readonly category?: string
  readonly subCategory?: string
  readonly policyName?: string
  readonly correlationId?: string
  readonly errors?: readonly { readonly message?: string; readonly context?: Context }[]
  readonly context?: Context
}

type Context = Readonly<Record<string, readonly string[]>>

/** How long the window lasts that is full. A day's is asked for again every quarter of an hour: whose zone it ends in is not said. */
const WINDOWS: Readonly<Record<string, number>> = {
  SECONDLY: 1000,
  TEN_SECONDLY_ROLLING: 10_000,
  DAILY: 15 * 60_000,
}

const MOVES = 477

/** What HubSpot's errors mean. 5xx, and 429 that say no policy, mean what they always mean. */
export const hubspotErrors = errors(answer => {
  const { status } = answer
  if (status < 400) return undefined
  const body = bodyOf(answer)
  const said = `HTTP ${status}${toldOf(body, answer)}`
  if (status === 401) return authError(`the credentials are refused: ${said}`)
  if (status === 403) return permissionError(`a right is missing${scopesOf(body)}: ${said}`)
  if (status === 429 && body?.policyName !== undefined && answer.header('retry-after') === null) {
    const retryAfterMs = WINDOWS[body.policyName] ?? WINDOWS.TEN_SECONDLY_ROLLING!
    return new RetryableError(`the rate limit is reached (${body.policyName}): ${said}`, { retryAfterMs })
  }
  if (status === MOVES) return new RetryableError(`the account is being moved: ${said}`)
  if (status < 500 && status !== 429 && status !== 408 && status !== 425 && body !== null)
    return fatalError(`the platform refuses the request: ${said}`)
  return undefined
})

function bodyOf(answer: Answer): ErrorBody | null {
  try {
    const body: unknown = JSON.parse(answer.text())
    return typeof body === 'object' && body !== null ? body : null
  } catch {
    return null
  }
}

function toldOf(body: ErrorBody | null, answer: Answer): string {
  if (typeof body?.message !== 'string') return excerpt(answer)
  const { message, category, correlationId } = body
  const marks = [category, correlationId && `correlation ${correlationId}`].filter(Boolean).join(', ')
  return `: ${message.replace(/\s+/g, ' ').slice(0, 300)}${marks && ` (${marks})`}`
}

/** The scopes that HubSpot says are needed: under one name or another. */
function scopesOf(body: ErrorBody | null): string {
  const contexts = [body?.context, ...(body?.errors ?? []).map(e => e.context)]
  const scopes = contexts.flatMap(
    c => c?.requiredGranularScopes ?? c?.requiredScopes ?? c?.missingScopes ?? [],
  )
  return scopes.length === 0 ? '' : ` (${[...new Set(scopes)].join(', ')})`
}
