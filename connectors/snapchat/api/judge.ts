import { authError, fatalError, permissionError } from '../../../plugins/errors.ts'
import type { Answer, Verdict } from '../../../plugins/http/index.ts'
import { coded, type Envelope, isObject, isSuccess, refusesSome } from './envelope.ts'

/**
 * What an answer means. 429 and 5xx are left to the status; an entry that was refused among others is told by
 * `outcomesOf`.
 */
export function judge(answer: Answer): Verdict {
  const { status } = answer
  if (status >= 500 && isWrite(answer)) return unknown(`HTTP ${status}`)
  if (status === 408 || status === 429 || status >= 500) return undefined
  const isOk = status >= 200 && status < 300
  const body = bodyOf(answer, isOk)
  if (body === null && isOk && isWrite(answer)) return unknown('an answer that cannot be read')
  const said = wordsOf(answer, body)
  const code = typeof body?.error_code === 'string' ? body.error_code : null
  if (status === 401) return coded(authError(`Snapchat refuses the access token: ${said}`), code)
  if (status === 403)
    return coded(
      permissionError(`the credentials are good, but a right is missing on Snapchat: ${said}`),
      code,
    )
  if (isOk && body !== null && (isSuccess(body.request_status) || refusesSome(body))) return 'ok'
  return coded(fatalError(`Snapchat refuses the request: ${said}`), code ?? (status === 404 ? 'E3003' : null))
}

const isWrite = ({ ask }: Answer): boolean => ask.method === 'PUT'

/** It is not sent again as it was: what became of it is read back. */
const unknown = (what: string) =>
  Object.assign(fatalError(`Snapchat gave ${what} to a change: whether it was made is not known`), {
    outcome: 'unknown' as const,
  })

/** @throws RetryableError: a good status without JSON, as when the body was cut off */
function bodyOf(answer: Answer, isOk: boolean): Envelope | null {
  try {
    const body = answer.json()
    return isObject(body) ? body : null
  } catch (error) {
    if (isOk && !isWrite(answer)) throw error
    return null
  }
}

function wordsOf(answer: Answer, body: Envelope | null): string {
  const words = [body?.error_code, body?.debug_message ?? body?.display_message]
  const said = words.filter(word => typeof word === 'string' && word !== '').join(': ')
  const challenge = /error="([^"]+)"/.exec(answer.header('www-authenticate') ?? '')?.[1]
  const id = typeof body?.request_id === 'string' ? ` (request ${body.request_id})` : ''
  return `HTTP ${answer.status}${said && `: ${said}`}${challenge ? `: ${challenge}` : ''}${id}`
}
