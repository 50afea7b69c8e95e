import { messageOf, StratumError } from '../../errors.ts'
import { redactText } from '../../telemetry/redact.ts'
import type { Answer } from './request.ts'

export const incompatible = (subject: string, why: string) =>
  new StratumError(
    'SCHEMA_INCOMPATIBLE',
    `Schema ${subject} cannot read records already written (${why}). Give new fields a default, and keep the old ones or their aliases.`,
  )

export const notRegistered = (subject: string) =>
  new StratumError('SCHEMA_UNKNOWN', `Schema ${subject} has not been registered by this process.`)

export const unknownId = (id: number, why = 'the record was not written through this registry') =>
  new StratumError('SCHEMA_UNKNOWN', `No schema has id ${id}: ${why}.`)

const line = (text: string) => redactText(text).replace(/\s+/g, ' ').trim().slice(0, 400)

/** No answer, or half of one. */
export function unheard(error: unknown, { origin, hostname }: URL): StratumError {
  const { code = '' } = error as { code?: string }
  return new StratumError(
    'STORE_UNAVAILABLE',
    `Schema registry: ${whatOf(code, origin, hostname) ?? `${line(messageOf(error))} (${origin})`}`,
    { cause: error },
  )
}

function whatOf(code: string, origin: string, hostname: string): string | null {
  if (code === 'ENOTFOUND') return `there is no host ${hostname}: check registry.url`
  if (code === 'EAI_AGAIN') return `the host ${hostname} of registry.url cannot be looked up now (${code})`
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${origin} (${code}): start it, or correct registry.url`
  if (/ALERT/.test(code))
    return `${origin} wants another certificate (${code}): registry.tls.cert and registry.tls.key`
  if (/CERT|ERR_TLS|UNABLE_TO_(?:GET|VERIFY)/.test(code))
    return `${origin} is not trusted (${code}): registry.tls says whom to trust`
  if (/WRONG_VERSION_NUMBER|EPROTO/.test(code))
    return `${origin} does not speak TLS (${code}): begin registry.url with http://`
  return null
}

/** It answers that it cannot just now. */
export const busy = ({ url, status, body }: Answer) =>
  new StratumError('STORE_UNAVAILABLE', `Schema registry: ${url.origin} answers ${status}${said(body)}`)

/** What a registry says is wrong with a request: its own code where it gives one. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly url: URL

  constructor({ status, body, url }: Answer) {
    const { error_code: code, message } = parsed(body)
    super(typeof message === 'string' ? line(message) : '')
    this.status = status
    this.url = url
    this.code = typeof code === 'number' ? code : 0
  }
}

/** A refusal that nothing more is known to do about. */
export function refused({ status, code, message, url }: Refusal): StratumError {
  const { origin } = url
  const words = message ? `: ${message}` : ''
  const what =
    status === 401
      ? `${origin} wants to know who asks${words} (registry.username and registry.password, or registry.token)`
      : status === 403
        ? `${origin} does not allow it${words}: grant it to the user of registry.username or registry.token`
        : code === 42201
          ? `${origin} does not take a schema${words}`
          : status === 404 && code === 0
            ? notOne(url)
            : `${origin} answers ${code || status}${words}`
  return new StratumError('STORE_REFUSED', `Schema registry: ${what}`)
}

/** Somebody answers who is none. */
export const alien = (url: URL) => new StratumError('STORE_REFUSED', `Schema registry: ${notOne(url)}`)

const notOne = ({ origin, pathname }: URL) =>
  `${origin} answers, but not as a schema registry (${pathname}): correct registry.url, with its path where it has one`

const said = (body: string) => {
  const { message } = parsed(body)
  return typeof message === 'string' ? `: ${line(message)}` : ''
}

function parsed(body: string): { error_code?: unknown; message?: unknown } {
  try {
    return (JSON.parse(body) as object | null) ?? {}
  } catch {
    return {}
  }
}
