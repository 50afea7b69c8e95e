import { authError, type ConnectorError, fatalError, permissionError, RetryableError } from '../errors.ts'
import type { Answer } from './message.ts'
import type { Part } from './part.ts'
import { retryAfterMs } from './retry-after.ts'

/** How the platform words its errors, as a part: `errors(answer => …)`. */
export const errors = (judge: NonNullable<Part['judge']>): Part => ({ judge })

/** What an answer means by its status alone: for a platform that says nothing better. */
export function judgeStatus(answer: Answer, now: number): 'ok' | ConnectorError {
  const { status } = answer
  if (status >= 200 && status < 300) return 'ok'
  const said = `HTTP ${status}${excerpt(answer)}`
  if (status === 401) return authError(`the credentials are refused: ${said}`)
  if (status === 403) return permissionError(`the credentials are good, but a right is missing: ${said}`)
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const waitMs = retryAfterMs(answer.header('retry-after'), now)
    const what = status === 429 ? 'the rate limit is reached' : 'the platform has an outage'
    return new RetryableError(`${what}: ${said}`, waitMs === null ? {} : { retryAfterMs: waitMs })
  }
  if (status === 413) return fatalError(`the request is too large: ${said}`)
  return fatalError(`the platform refuses the request: ${said}`)
}

const MAX_EXCERPT = 300

/** The beginning of what the platform said, in one line. */
export function excerpt(answer: Answer): string {
  const text = answer.text().replace(/\s+/g, ' ').trim()
  if (text === '') return ''
  return `: ${text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text}`
}
