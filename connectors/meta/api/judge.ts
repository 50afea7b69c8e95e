import {
  authError,
  type ConnectorError,
  configError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import type { Answer, Verdict } from '../../../plugins/http/index.ts'
import { isObject, type Json } from '../fields.ts'
import * as codes from './codes.ts'
import { GraphCode, marked } from './trouble.ts'

/** An ad set's budget may be changed so often in an hour, and Meta does not say when the next may come. */
const BUDGET_WAIT_MS = 3_600_000

/**
 * What an answer means, by the code in its body (platforms.md §1.4). What has no such body is left to the status.
 * @param waitOf how long Meta's headers ask to wait, in milliseconds; 0: they do not
 */
export const judgeBy =
  (waitOf: (answer: Answer) => number, blockMs: number) =>
  (answer: Answer): Verdict => {
    const isOk = answer.status >= 200 && answer.status < 300
    const error = errorIn(answer, isOk)
    if (error === null) return isOk ? 'ok' : undefined
    const code = new GraphCode(numberOf(error.code) ?? 0, numberOf(error.error_subcode))
    const message = typeof error.message === 'string' ? error.message : ''
    return marked(
      kindOf(error, code, message, () => waitOf(answer) || blockMs),
      code,
    )
  }

function kindOf(
  error: Json,
  { code, subcode }: GraphCode,
  message: string,
  waitMs: () => number,
): ConnectorError {
  const said = wordsOf(error, code, subcode)
  if (codes.isTooLarge(code, message)) return fatalError(`Meta finds the request too large: ${said}`)
  if (codes.AUTH[code] !== undefined) {
    const why = subcode === null ? undefined : codes.AUTH_REASONS[subcode]
    return authError(`${codes.AUTH[code]}${why === undefined ? '' : ` (${why})`}: ${said}`)
  }
  // The code of any wrong request, but it is the app secret that is wrong.
  if (code === 100 && /appsecret_proof/i.test(message))
    return authError(`the app secret is not that of the access token's app: ${said}`)
  if (subcode === codes.BUDGET_CHANGED_TOO_OFTEN)
    return new RetryableError(`the budget was changed too often within an hour: ${said}`, {
      retryAfterMs: BUDGET_WAIT_MS,
    })
  if (subcode === codes.MUTATIONS_TOO_FAST) return new RetryableError(`too many changes a second: ${said}`)
  if (codes.isThrottled(code))
    return new RetryableError(`the rate limit is reached: ${said}`, { retryAfterMs: waitMs() })
  if (codes.isPermission(code))
    return permissionError(`the credentials are good, but a right is missing on Meta: ${said}`)
  if (code === 368) return fatalError(`Meta has blocked this for breaking its policies: ${said}`)
  if (subcode === codes.BUDGET_ELSEWHERE)
    return configError(`has no budget of its own: campaign or ad set has it, never both: ${said}`, '/id')
  if (subcode === codes.BUDGET_TOO_LOW) return configError(`is too low for Meta: ${said}`, '/budget_micros')
  if (code === 1 || code === 2 || error.is_transient === true)
    return new RetryableError(`Meta has an outage: ${said}`)
  return fatalError(`Meta refuses the request: ${said}`)
}

/** @throws RetryableError: a good status without JSON, as when the body was cut off */
function errorIn(answer: Answer, isOk: boolean): Json | null {
  try {
    const body = answer.json()
    return isObject(body) && isObject(body.error) && numberOf(body.error.code) !== null ? body.error : null
  } catch (error) {
    if (isOk) throw error
    return null
  }
}

function wordsOf(error: Json, code: number, subcode: number | null): string {
  const words = [error.message, error.error_user_title, error.error_user_msg]
    .filter(word => typeof word === 'string' && word !== '')
    .map(word => String(word).replace(/\s+/g, ' ').slice(0, 300))
  const numbers = `code ${code}${subcode === null ? '' : `/${subcode}`}`
  const trace = typeof error.fbtrace_id === 'string' ? `, trace ${error.fbtrace_id}` : ''
  return `${[...new Set(words)].join(': ')} (${numbers}${trace})`.trim()
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null
