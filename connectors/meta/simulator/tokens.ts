import { createHmac } from 'node:crypto'
import { chance } from '../../../plugins/simulator/random.ts'
import { Refused } from './refused.ts'

export interface Grant {
  readonly scopes: Set<string>
  /** UTC microseconds; null: a system user's, which does not end. */
  expiresAt: number | null
}

export interface App {
  readonly id: string
  readonly secret: string
}

const LONG_LIFE_S = 5_183_944
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Access tokens that were given, by the app they are of. There are no refresh tokens. */
export class Tokens {
  readonly app: App
  readonly #seed: number
  readonly #now: () => number
  readonly #grants = new Map<string, Grant>()

  constructor(seed: number, now: () => number) {
    this.#seed = seed
    this.#now = now
    const secret = chance(seed, 'meta app secret')
    this.app = {
      id: '4711000815',
      secret: Array.from({ length: 32 }, () => secret.between(0, 15).toString(16)).join(''),
    }
  }

  issue(scopes: readonly string[], lifeSeconds: number | null = null): string {
    const random = chance(this.#seed, 'meta token', this.#grants.size)
    const token = `EAA${Array.from({ length: 60 }, () => random.pick([...LETTERS])).join('')}`
    const expiresAt = lifeSeconds === null ? null : this.#now() + lifeSeconds * 1_000_000
    this.#grants.set(token, { scopes: new Set(scopes), expiresAt })
    return token
  }

  /** @throws Refused: 190 */
  accept(token: string): Grant {
    const grant = this.#grants.get(token)
    if (grant === undefined)
      throw new Refused({ code: 190, message: 'Invalid OAuth access token - Cannot parse access token' })
    if (grant.expiresAt !== null && grant.expiresAt <= this.#now())
      throw new Refused({
        code: 190,
        subcode: 463,
        message: 'Error validating access token: Session has expired',
      })
    return grant
  }

  /** @throws Refused: 100, as for any wrong argument */
  checkProof(token: string, proof: string): void {
    const wanted = createHmac('sha256', this.app.secret).update(token).digest('hex')
    if (proof !== wanted)
      throw new Refused({
        code: 100,
        type: 'GraphMethodException',
        message: 'Invalid appsecret_proof provided in the API argument',
      })
  }

  /** A short-lived token for one of 60 days; one that has ended is not exchanged. @throws Refused */
  exchange(token: string): { access_token: string; token_type: 'bearer'; expires_in: number } {
    const { scopes } = this.accept(token)
    return {
      access_token: this.issue([...scopes], LONG_LIFE_S),
      token_type: 'bearer',
      expires_in: LONG_LIFE_S,
    }
  }

  /** What `debug_token` says. */
  describe(token: string) {
    const grant = this.#grants.get(token)
    const expiresAt = grant?.expiresAt ?? null
    const isValid = grant !== undefined && (expiresAt === null || expiresAt > this.#now())
    return {
      app_id: this.app.id,
      type: expiresAt === null ? 'SYSTEM_USER' : 'USER',
      application: 'Simulated',
      expires_at: expiresAt === null ? 0 : Math.floor(expiresAt / 1_000_000),
      is_valid: isValid,
      scopes: [...(grant?.scopes ?? [])],
      ...(isValid
        ? {}
        : { error: { code: 190, subcode: 463, message: 'The token has expired or is unknown' } }),
    }
  }

  /** All end now. */
  expireAll(): void {
    for (const grant of this.#grants.values()) grant.expiresAt = this.#now()
  }

  /** A right is taken away from all. */
  forbid(scope: string): void {
    for (const grant of this.#grants.values()) grant.scopes.delete(scope)
  }
}
