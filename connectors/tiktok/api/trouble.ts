import {
  authError,
  type ConnectorError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import { type Answer, excerpt, minutes, seconds, type Verdict } from '../../../plugins/http/index.ts'
import { classOf, OK, PARTIAL } from './codes.ts'
import { type Envelope, isEnvelope } from './envelope.ts'

const DAY_MS = 86_400_000
/** After a limit by the minute, and while the platform is away (platforms.md §3.1). */
const LONG_PAUSE_MS = minutes(5)
/** A 5xx may be over at once; so many in a row are an outage. */
const SHORT_OUTAGE = 3

/**
 * What answers mean. The platform names no time to wait: it follows from which limit was reached, and from whether
 * the trouble goes on.
 */
export class Trouble {
  readonly #now: () => number
  readonly #pauses = new WeakMap<Answer, number | null>()
  #throttled = 0
  #outage = 0

  /** @param now UTC microseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  judge(answer: Answer): Verdict {
    const { status } = answer
    this.#outage = status >= 500 ? this.#outage + 1 : 0
    if (this.#outage > SHORT_OUTAGE)
      return new RetryableError(`the platform has an outage: HTTP ${status}${excerpt(answer)}`, {
        retryAfterMs: LONG_PAUSE_MS,
      })
    if (status < 200 || status >= 300) return undefined
    const body = answer.json()
    if (!isEnvelope(body)) return new RetryableError('the answer is not one of TikTok’s: it has no code')
    if (body.code === OK || body.code === PARTIAL) return 'ok'
    return coded(this.#errorOf(body, answer), body.code)
  }

  /** How long nobody of the app should ask anything. Milliseconds; null: no limit was reached. */
  pauseMs(answer: Answer): number | null {
    let pause = this.#pauses.get(answer)
    if (pause === undefined) {
      pause = this.#pauseMs(answer)
      this.#pauses.set(answer, pause)
    }
    return pause
  }

  #pauseMs(answer: Answer): number | null {
    const body = jsonOf(answer)
    if (!isEnvelope(body) || classOf(body.code) !== 'throttled' || body.code === OK) {
      this.#throttled = 0
      return null
    }
    this.#throttled++
    const said = String(body.message)
    if (/\bQPD\b|\bdaily\b|\bday\b/i.test(said)) return DAY_MS - (Math.floor(this.#now() / 1000) % DAY_MS)
    if (/\bQPM\b|\bminute\b/i.test(said)) return LONG_PAUSE_MS
    // It does not say which: the next second, and when that does not help, the limit by the minute.
    return /\bQPS\b|\bsecond\b/i.test(said) || this.#throttled === 1 ? seconds(1) : LONG_PAUSE_MS
  }

  #errorOf(body: Envelope, answer: Answer): ConnectorError {
    const said = wordsOf(body)
    switch (classOf(body.code)) {
      case 'throttled':
        return new RetryableError(`the rate limit is reached: ${said}`, {
          retryAfterMs: this.pauseMs(answer) ?? seconds(1),
        })
      case 'auth':
        return authError(`TikTok refuses the access token: ${said}`)
      case 'permission':
        return permissionError(`the access token is good, but a right is missing: ${said}`)
      case 'retry':
        return new RetryableError(`TikTok asks to try again: ${said}`)
      case 'invalid':
        return fatalError(`TikTok refuses the request ${answer.ask.path}: ${said}`)
    }
  }
}

/** The platform's words, with what its support asks for. */
export function wordsOf({ code, message, request_id }: Envelope): string {
  const id = typeof request_id === 'string' ? ` (request ${request_id})` : ''
  return `${code}${typeof message === 'string' && message !== '' ? ` ${message}` : ''}${id}`
}

const coded = (error: ConnectorError, code: number): ConnectorError => Object.assign(error, { code })

function jsonOf(answer: Answer): unknown {
  try {
    return answer.json()
  } catch {
    return null
  }
}
