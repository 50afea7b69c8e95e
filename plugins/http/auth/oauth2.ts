import type { Tokens } from '../../../engine/source/tokens.ts'
import type { Draft } from '../message.ts'
import type { HttpContext, Part } from '../part.ts'
import { type Grant, refresh } from './grant.ts'

export interface OAuth2 extends Grant {
  /** The refresh token that connecting gave: the first one. A later one is kept with the connection's tokens. */
  readonly refreshToken: string
  /** How long a token lives where the platform does not say (`expires_in`); null: until it is refused. Seconds. */
  readonly lifeSeconds?: number | null
  /** Puts the token into a request (`Authorization: Bearer …`). */
  readonly put?: (draft: Draft, access: string) => void
}

/** A token is renewed when this much of its life is over. */
const RENEW_AT = 0.8

/**
 * OAuth 2 with a refresh token (RFC 6749 §6): the access token is renewed at 80 % of its life, and once where it is
 * refused before that. Renewing is done once for all that use the connection, and kept before it is used, because a
 * platform may give a new refresh token and forget the old.
 */
export function oauth2(how: OAuth2): Part {
  const { put = putBearer, lifeSeconds = null } = how
  // Which token a request had: several are on their way at once.
  const used = new WeakMap<Draft, string>()
  const seen = new Set([how.refreshToken, ...(how.clientSecret ? [how.clientSecret] : [])])

  const renewed = (context: HttpContext, isStale: (tokens: Tokens) => boolean): Promise<Tokens> =>
    context.tokens.update(async current => {
      // Another has renewed it meanwhile.
      if (current && !isStale(current)) return current
      return refresh(how, current?.refresh ?? how.refreshToken, lifeSeconds, context)
    })

  return {
    async prepare(draft, context) {
      let tokens = await context.tokens.load()
      const isOld = (t: Tokens) => isDue(t, context.now())
      if (tokens === null || isOld(tokens)) tokens = await renewed(context, isOld)
      used.set(draft, tokens.access)
      seen.add(tokens.access)
      if (tokens.refresh !== null) seen.add(tokens.refresh)
      put(draft, tokens.access)
    },
    async renew(draft, context) {
      const refused = used.get(draft)
      if (refused === undefined) return false
      await renewed(context, t => t.access === refused)
      return true
    },
    secrets: () => [...seen],
  }
}

const isDue = ({ obtainedAt, expiresAt }: Tokens, now: number): boolean =>
  expiresAt !== null && now >= obtainedAt + RENEW_AT * (expiresAt - obtainedAt)

const putBearer = ({ headers }: Draft, access: string): void => {
  headers.authorization = `Bearer ${access}`
}
