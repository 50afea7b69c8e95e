import { createHash } from 'node:crypto'
import { chance } from './random.ts'

export interface IssuedTokens {
  readonly access: string
  readonly refresh: string
  readonly lifeSeconds: number
}

/** An OAuth 2 server's memory: codes with PKCE, refresh tokens that may rotate, access tokens that end. */
export class TokenIssuer {
  readonly #seed: string
  readonly #now: () => number
  readonly #lifeSeconds: number
  readonly #rotates: boolean
  readonly #access = new Map<string, number>()
  readonly #refresh = new Set<string>()
  readonly #codes = new Map<string, string | null>()
  #made = 0
  /** How often a refresh token was used. */
  refreshed = 0

  /** @param now UTC microseconds @param rotates a refresh token is dead once it was used */
  constructor(seed: string, now: () => number, lifeSeconds: number, rotates = false) {
    this.#seed = seed
    this.#now = now
    this.#lifeSeconds = lifeSeconds
    this.#rotates = rotates
  }

  issue(): IssuedTokens {
    const access = this.#make('access')
    const refresh = this.#make('refresh')
    this.#refresh.add(refresh)
    this.#access.set(access, this.#now() + this.#lifeSeconds * 1_000_000)
    return { access, refresh, lifeSeconds: this.#lifeSeconds }
  }

  /** A code for who was sent to the authorisation page. @param challenge S256 of PKCE; null: none */
  code(challenge: string | null): string {
    const code = this.#make('code')
    this.#codes.set(code, challenge)
    return code
  }

  /** Null: `invalid_grant`. */
  exchange(code: string, verifier: string | null): IssuedTokens | null {
    const challenge = this.#codes.get(code)
    if (challenge === undefined) return null
    this.#codes.delete(code)
    if (challenge !== null) {
      const s256 = createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url')
      if (s256 !== challenge) return null
    }
    return this.issue()
  }

  /** Null: `invalid_grant`. */
  refresh(token: string): IssuedTokens | null {
    if (!this.#refresh.has(token)) return null
    this.refreshed++
    const issued = this.issue()
    if (this.#rotates) {
      this.#refresh.delete(token)
      return issued
    }
    this.#refresh.delete(issued.refresh)
    return { ...issued, refresh: token }
  }

  accepts(access: string): 'yes' | 'expired' | 'unknown' {
    const until = this.#access.get(access)
    if (until === undefined) return 'unknown'
    return this.#now() < until ? 'yes' : 'expired'
  }

  /** All access tokens end now. */
  expireAll(): void {
    for (const token of this.#access.keys()) this.#access.set(token, 0)
  }

  /** Nothing given is worth anything any more: connecting again is the only way. */
  revokeAll(): void {
    this.#access.clear()
    this.#refresh.clear()
  }

  #make(what: string): string {
    this.#made++
    const random = chance(this.#seed, what, this.#made)
    return Array.from({ length: 4 }, () => Math.floor(random.next() * 2 ** 32).toString(36)).join('')
  }
}
