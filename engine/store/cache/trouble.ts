import { messageOf, StratumError } from '../../errors.ts'
import { MASK, redactText } from '../../telemetry/redact.ts'

export interface Place {
  /** Without a password. */
  readonly url: string
  readonly host: string
  readonly password: string
  readonly timeoutMs: number
}

/** What Redis says of who may not; asked again it would say the same. */
const FORBIDDEN = /^(?:WRONGPASS|NOAUTH|NOPERM)|invalid password|without any password configured/
/** Of the number of a database. The client would go on with another one. */
export const NO_DATABASE = /DB index is out of range/
/** What Redis says of what it is; a client of one server cannot do with it. */
const CLUSTER = /^(?:MOVED|ASK|CROSSSLOT|CLUSTERDOWN)/

const MAX_LENGTH = 500

/** STORE_REFUSED for what would end the same if it were asked again, STORE_UNAVAILABLE for everything else. */
export function translate(error: unknown, place: Place): StratumError {
  if (error instanceof StratumError) return error
  const said = withoutSecrets(messageOf(error), place).replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH)
  const refused = FORBIDDEN.test(said) || CLUSTER.test(said) || NO_DATABASE.test(said)
  return new StratumError(
    refused ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE',
    `Cache: ${explain(error, said, place)}`,
    { cause: error },
  )
}

function explain(error: unknown, said: string, { url, host, timeoutMs }: Place): string {
  const { code = '' } = error as { code?: string }
  if (/^NOPERM/.test(said)) return `${said} (${url}): grant cache.user that`
  if (FORBIDDEN.test(said)) return `${said} (${url}): check cache.user and cache.password`
  if (CLUSTER.test(said)) return `${said} (${url}): it is a cluster; cache.url must be one server`
  if (NO_DATABASE.test(said)) return `${said} (${url}): correct the number behind the host in cache.url`
  if (code === 'ENOTFOUND') return `there is no host ${host} (cache.url is ${url}): check its name`
  if (code === 'EAI_AGAIN') return `the host ${host} of cache.url cannot be looked up now (${code})`
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${url} (${code}): start the server, or correct cache.url`
  if (/CERT|ERR_TLS|UNABLE_TO_(?:GET|VERIFY)/.test(code))
    return `${url} is not trusted (${code}): ${said}. cache.tls says whom to trust`
  if (/ERR_SSL|EPROTO/.test(code)) return `${url} does not speak TLS (${code}): begin cache.url with redis://`
  if (code === 'ETIMEDOUT')
    return `no connection to ${url} came about in ${timeoutMs} ms${url.startsWith('rediss:') ? ': does it speak TLS there?' : ''}`
  if (/timed out|timeout/i.test(said)) return `no answer from ${url} in ${timeoutMs} ms (cache.timeoutMs)`
  return `${said || 'an error without a word'} (${url})`
}

function withoutSecrets(text: string, { password }: Place): string {
  return redactText(password.length > 3 ? text.replaceAll(password, MASK) : text)
}
