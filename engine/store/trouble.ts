import { StratumError } from '../errors.ts'
import { MASK, redactText } from '../telemetry/redact.ts'

/** The server a client speaks to, for whoever reads what went wrong; null in process. */
export interface Place {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly timeoutSeconds: number
}

/**
 * Exceptions after which the same may be tried again: `conventions.md` of the specification, 5.1, and what a server
 * throws that is short of something, is restarted or loses another one. Of an insert they say nothing for sure: it
 * may have written some of its parts, or all. So an outage of an insert is always taken for an unknown outcome.
 */
const RETRYABLE = new Set([
  3, 23, 24, 159, 164, 173, 198, 201, 202, 203, 209, 210, 236, 241, 242, 243, 252, 279, 285, 286, 289, 319,
  384, 394, 425, 439, 473, 499, 722, 733, 738, 745, 999, 1002,
])

/** Errors of writing, opening, closing, truncating a file, making a folder, and of the libraries that do so. */
const FILE_ERRORS = new Set([75, 76, 77, 88, 481, 1000, 1001])
/** Of these the ones that pass when somebody makes room; another fault of a file does not pass by itself. */
const NO_ROOM = /No space left on device|Disk quota exceeded/

/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED. */
const LOGIN = new Set([192, 193, 194, 516])
const READONLY = 164
const ACCESS_DENIED = 497

const MAX_LENGTH = 500

/**
 * STORE_REFUSED for what would end the same if it were asked again: refusals of the statement, the rows, the user.
 * STORE_UNAVAILABLE for everything else: no connection, no answer, half an answer, one of something in between.
 */
export function translate(error: unknown, place: Place | null): StratumError {
  const { message = String(error), code } = error as { message?: string; code?: string | number }
  const number = Number(code ?? /Code: (\d+)/.exec(message)?.[1])
  const isException = Number.isInteger(number) && number > 0
  const retryable = RETRYABLE.has(number) || (FILE_ERRORS.has(number) && NO_ROOM.test(message))
  const line = withoutSecrets(message, place).replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH)
  const said = line || 'an error without a word'
  const text =
    place === null ? said : isException ? refused(said, number, place) : unheard(error, said, place)
  return new StratumError(
    isException && !retryable ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE',
    `ClickHouse: ${text}`,
    { cause: error },
  )
}

/** What the server said, and whom it said it to where that is what matters. */
function refused(said: string, code: number, { url, user }: Place): string {
  if (LOGIN.has(code)) return `${said} (${url}, warehouse.user ${user}: check it and warehouse.password)`
  if (code === READONLY)
    return `${said} (${url}, warehouse.user ${user}: it may only read, or the server takes no writes now)`
  if (code === ACCESS_DENIED) return `${said} (${url}, warehouse.user ${user}: grant it that)`
  return said
}

/** No exception of a server: what that means depends on the network. */
function unheard(error: unknown, said: string, { url, timeoutSeconds }: Place): string {
  const { code = '' } = error as { code?: string }
  const { hostname } = new URL(url)
  if (code === 'ENOTFOUND') return `there is no host ${hostname} (warehouse.url is ${url}): check its name`
  if (code === 'EAI_AGAIN') return `the host ${hostname} of warehouse.url cannot be looked up now (${code})`
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${url} (${code}): start the server, or correct warehouse.url`
  if (/ALERT/.test(code))
    return `${url} wants another certificate (${code}): warehouse.tls.cert and warehouse.tls.key`
  if (TLS.test(code)) return `${url} is not trusted (${code}): ${said}. warehouse.tls says whom to trust`
  if (/WRONG_VERSION_NUMBER|EPROTO/.test(code))
    return `${url} does not speak TLS (${code}): begin warehouse.url with http://, or name the port for HTTPS`
  if (/^Timeout error/.test(said))
    return `no answer from ${url} in ${timeoutSeconds} s (warehouse.timeoutSeconds)`
  if (/^\s*</.test(said))
    return `${url} answers, but not as ClickHouse: ${said.replace(/<[^>]*>?/g, ' ').trim()}`
  return `${said} (${url})`
}

/** What OpenSSL and Node call certificates they do not take. */
const TLS = /CERT|ERR_TLS|UNABLE_TO_(?:GET|VERIFY)/

function withoutSecrets(text: string, place: Place | null): string {
  const password = place?.password ?? ''
  return redactText(password.length > 3 ? text.replaceAll(password, MASK) : text)
}
