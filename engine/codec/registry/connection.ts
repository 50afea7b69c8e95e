import { StratumError } from '../../errors.ts'
import type { TlsFiles } from '../../store/tls.ts'

/** How a schema registry is reached, and what our subjects are called there. Times in milliseconds. */
export interface RegistryConnection {
  /** One or more of the same registry: when one does not answer, the next is asked. */
  readonly urls: readonly string[]
  readonly user?: { readonly name: string; readonly password: string } | undefined
  readonly token?: string | undefined
  /** Confluent's context, without the dots and colons around it. */
  readonly context?: string | undefined
  /** What a subject's name begins with, before the kind's. */
  readonly prefix?: string | undefined
  /** How long a request may take; 10 s when left out. */
  readonly timeoutMs?: number | undefined
  readonly tls?: TlsFiles | undefined
  /** How often all URLs are tried before it counts as an outage, and how long is waited after the first time. */
  readonly patience?: { readonly rounds: number; readonly firstMs: number } | undefined
  /** An id that is not found is asked for once more after this long: a follower may be behind. 1 s when left out. */
  readonly lagMs?: number | undefined
}

/** @throws CONFIG_INVALID: what holds more than a place */
export function checkedUrl(text: string): URL {
  const invalid = (what: string) => new StratumError('CONFIG_INVALID', `registry.url: ${what}`)
  if (!URL.canParse(text) || !/^https?:\/\//.test(text))
    throw invalid(`${text.replace(/\/\/.*@/, '//')} is not http://host:port or https://host:port`)
  const url = new URL(text)
  if (url.username || url.password)
    throw invalid('leave user and password out of it: registry.username, registry.password')
  if (url.search || url.hash) throw invalid(`leave ${url.search}${url.hash} out of it`)
  return url
}

/** Value of the header `Authorization`. */
export function authorization({ user, token }: RegistryConnection): string | undefined {
  if (token !== undefined) return `Bearer ${token}`
  return user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
}

/** Names of subjects: the kind's own, behind what the settings put before it. */
export function subjectsOf({ context, prefix = '' }: RegistryConnection) {
  const inContext = context === undefined ? '' : `:.${context}:`
  const before = `${inContext}${prefix}`
  return {
    before,
    of: (kind: string) => `${before}${kind}`,
    kindOf: (subject: string) => subject.slice(before.length),
    /** Ids are of a context: this says of which. */
    context: inContext,
  }
}
