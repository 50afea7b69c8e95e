import { DatabaseError } from 'pg'
import { messageOf, StratumError } from '../../errors.ts'
import { MASK, redactText } from '../../telemetry/redact.ts'

/** The server a client speaks to, for whoever reads what went wrong; null in process. */
export interface Place {
  /** `postgresql://host:port/database`, without a password. */
  readonly url: string
  readonly host: string
  readonly database: string
  readonly user: string
  readonly password: string
  readonly timeoutSeconds: number
}

/** What PostgreSQL says of an error; of one of the network there is none. */
interface Refused {
  /** SQLSTATE. */
  readonly code: string
  readonly constraint?: string | undefined
}

/**
 * `collision`: with another transaction. `connection`: it is gone, or was never there. `outage`: of the server, the
 * connection is sound. `refusal`: the same would end the same.
 */
export type Kind = 'collision' | 'connection' | 'outage' | 'refusal'

const COLLISION = /^40(?:001|P01)$/
/** Hanging up: class 08, and a server that shuts down, has crashed, starts. */
const GONE = /^(?:08|57P0[1235])/
/** Short of something, out of time, or it may not write now (a standby that is not the first yet). */
const OUTAGE = /^(?:53|57014|55P03|25006|25P03)/

const saidBy = (error: unknown): Refused | null =>
  error instanceof DatabaseError ? { code: error.code ?? '', constraint: error.constraint } : null

export function kindOf(error: unknown): Kind {
  if (error instanceof StratumError) return error.code === 'STORE_UNAVAILABLE' ? 'outage' : 'refusal'
  const said = saidBy(error)
  // The client could not say who it is.
  if (said === null) return /^SASL/.test(messageOf(error)) ? 'refusal' : 'connection'
  if (COLLISION.test(said.code)) return 'collision'
  if (GONE.test(said.code)) return 'connection'
  return OUTAGE.test(said.code) ? 'outage' : 'refusal'
}

/** Whether a connection may come about by itself in a moment. */
export function mayReturn(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return kindOf(error) === 'connection' && code !== 'ENOTFOUND' && !TLS.test(code) && !/\bSSL\b/.test(message)
}

/** Which rule a statement broke: SQLSTATE (`23505`: twice the same) and the constraint's name; null of other errors. */
export function refusalOf(error: unknown): { code: string; constraint: string | null } | null {
  const said = saidBy(error instanceof StratumError ? error.cause : error)
  return said === null ? null : { code: said.code, constraint: said.constraint ?? null }
}

const MAX_LENGTH = 500

/** STORE_REFUSED for what would end the same if it were asked again, STORE_UNAVAILABLE for everything else. */
export function translate(error: unknown, place: Place | null): StratumError {
  if (error instanceof StratumError) return error
  const { message = String(error) } = error as { message?: string }
  const line = withoutSecrets(message, place).replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH)
  const kind = kindOf(error)
  const text = explain(error, line || 'an error without a word', place)
  return new StratumError(kind === 'refusal' ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE', `Catalogue: ${text}`, {
    cause: error,
  })
}

export function unknownOutcome(error: unknown, place: Place | null): StratumError {
  const { message } = translate(error, place)
  return new StratumError('OUTCOME_UNKNOWN', `${message}. It was about to commit: it may be done, or not`, {
    cause: error,
  })
}

function explain(error: unknown, said: string, place: Place | null): string {
  const code = saidBy(error)?.code
  if (code === '22023' && /role "stratum_/.test(said)) return `${said}: \`stratum apply\` makes it`
  if (place === null) return said
  if (code === undefined) return unheard(error, said, place)
  const { url, user, database, timeoutSeconds } = place
  const at = `(${url}, catalogue.user ${user})`
  if (code === '28P01') return `${said} ${at}: check catalogue.user and catalogue.password`
  if (code.startsWith('28'))
    return `${said} ${at}: check catalogue.user, catalogue.tls and the server's pg_hba.conf`
  if (code === '3D000')
    return `${said} (${url}): create it (CREATE DATABASE ${database}), or correct catalogue.url`
  if (code === '42501' && /set role/.test(said))
    return `${said} ${at}: let an administrator run GRANT stratum_app, stratum_system TO ${user};`
  if (code === '42501') return `${said} ${at}: grant it that`
  if (code === '57014') return `${said}: longer than ${timeoutSeconds} s (catalogue.timeoutSeconds)`
  if (code === '25P03')
    return `${said}: nothing was asked in it for ${timeoutSeconds} s (catalogue.timeoutSeconds)`
  if (code === '25006') return `${said} (${url}): it takes no writes now, or is a standby`
  if (code === '53300')
    return `${said} (${url}): lower catalogue.connections, or raise the server's max_connections`
  return said
}

/** Nothing the server said: what that means depends on the network. */
function unheard(error: unknown, said: string, { url, host, user, timeoutSeconds }: Place): string {
  const { code = '' } = error as { code?: string }
  if (code === 'ENOTFOUND') return `there is no host ${host} (catalogue.url is ${url}): check its name`
  if (code === 'EAI_AGAIN') return `the host ${host} of catalogue.url cannot be looked up now (${code})`
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${url} (${code}): start the server, or correct catalogue.url`
  if (/^SASL/.test(said))
    return `${said} (${url}, catalogue.user ${user}): check catalogue.user and catalogue.password`
  if (/does not support SSL/.test(said))
    return `${url} does not speak TLS: set catalogue.tls.enabled to false`
  if (TLS.test(code)) return `${url} is not trusted (${code}): ${said}. catalogue.tls says whom to trust`
  if (/Query read timeout/.test(said))
    return `no answer from ${url} in ${timeoutSeconds} s (catalogue.timeoutSeconds)`
  if (/timeout exceeded when trying to connect/.test(said))
    return `all connections to ${url} are taken (catalogue.connections)`
  if (/connection timeout/.test(said)) return `no connection to ${url} came about in time`
  return `${said} (${url})`
}

/** What OpenSSL and Node call certificates they do not take. */
const TLS = /CERT|ERR_TLS|ERR_SSL|UNABLE_TO_(?:GET|VERIFY)/

function withoutSecrets(text: string, place: Place | null): string {
  const password = place?.password ?? ''
  return redactText(password.length > 3 ? text.replaceAll(password, MASK) : text)
}
