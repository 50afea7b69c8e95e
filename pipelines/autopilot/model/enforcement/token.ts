import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonical } from '../../../../engine/canonical.ts'
import { sha256 } from '../draw.ts'
import type { Violation } from './violation.ts'

const MINUTE_US = 60_000_000

/** What a person confirms. */
export interface Confirmed {
  readonly tenant: string
  /** All of what would be done: type, entity, before, after. Plain JSON. */
  readonly action: unknown
  readonly settings_version: number
  readonly violations: readonly Violation[]
}

/**
 * SHA-256 (hex) of what is confirmed. Of a violation counts which limit it is, not the figure found: hours since the last
 * change go on while one reads, and the token would never fit.
 */
export const bindingOf = ({ tenant, action, settings_version, violations }: Confirmed): string =>
  sha256(
    `stratum.confirmation.v1\n${canonical({
      tenant,
      action,
      settings_version,
      violations: violations.map(({ type, subtype, setting, threshold, mode }) => ({
        ...{ type, subtype, setting, threshold, mode },
      })),
    })}`,
  )

/**
 * A token for a soft block: who has it has seen these violations of this action. Without the key nobody can make one, and
 * the same question has the same answer, as a fold needs it.
 * @param nonce another for every question (the id of its command), so that a token that was used can be followed by one more
 * @param now UTC microseconds
 * @param minutes how long it holds
 * @returns `EXPIRES.NONCE.MAC`, all in hexadecimal
 */
export function tokenFor(
  of: Confirmed,
  {
    key,
    nonce,
    now,
    minutes,
  }: { readonly key: string; readonly nonce: string; readonly now: number; readonly minutes: number },
): { readonly token: string; readonly expires_at: number } {
  const expires_at = now + Math.round(minutes * MINUTE_US)
  const head = `${expires_at.toString(16)}.${sha256(nonce).slice(0, 32)}`
  return { token: `${head}.${macOf(head, of, key)}`, expires_at }
}

const macOf = (head: string, of: Confirmed, key: string): string =>
  createHmac('sha256', key)
    .update(`stratum.confirmation.v1\n${head}\n${bindingOf(of)}`)
    .digest('hex')

export type TokenProblem = 'TOKEN_MISSING' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_USED'

const SHAPE = /^([0-9a-f]{1,14})\.[0-9a-f]{32}\.[0-9a-f]{64}$/

/**
 * Why a token does not confirm this; null: it does. Another action, other settings, other violations, another tenant and a
 * wrong key are all TOKEN_INVALID: who guesses learns nothing.
 * @param isUsed whether a token of this id was used before (`tokenId`)
 */
export function tokenProblem(
  token: string | null,
  of: Confirmed,
  { key, now, isUsed }: { readonly key: string; readonly now: number; isUsed(id: string): boolean },
): TokenProblem | null {
  if (token === null || token === '') return 'TOKEN_MISSING'
  const expires = SHAPE.exec(token)?.[1]
  if (expires === undefined) return 'TOKEN_INVALID'
  const at = token.lastIndexOf('.')
  const expected = macOf(token.slice(0, at), of, key)
  if (!timingSafeEqual(Buffer.from(token.slice(at + 1)), Buffer.from(expected))) return 'TOKEN_INVALID'
  if (now >= Number.parseInt(expires, 16)) return 'TOKEN_EXPIRED'
  return isUsed(tokenId(token)) ? 'TOKEN_USED' : null
}

/** What to remember of a token that was used, until it has expired: not the token itself. */
export const tokenId = (token: string): string => sha256(token).slice(0, 32)

/** When a token that fits ends, UTC microseconds: from then on its id need not be remembered. */
export const tokenEnds = (token: string): number => Number.parseInt(token, 16)
