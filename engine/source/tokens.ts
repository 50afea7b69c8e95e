import { inTurn } from '../turns.ts'

/** What an OAuth server gave: opaque to the engine but for where it is kept. */
export interface Tokens {
  readonly access: string
  /** UTC microseconds; null: the platform says nothing of its end. */
  readonly obtainedAt: number
  readonly expiresAt: number | null
  /** A refresh token may be replaced at any refresh, and the old one be dead from then on. */
  readonly refresh: string | null
  /** What else of the answer is needed later: where to speak to, where that depends on who connected. */
  readonly more?: Readonly<Record<string, string>>
}

/** Where a connection's tokens are kept. */
export interface TokenStore {
  /** The newest; null where none was ever kept. */
  load(): Promise<Tokens | null>
  /**
   * Replaces them, one caller after the other: `renew` gets the newest, which another may have renewed meanwhile,
   * and gives what is in force from now on. It is kept before this resolves.
   */
  update(renew: (current: Tokens | null) => Promise<Tokens>): Promise<Tokens>
}

/** Tokens of one process, gone with it. */
export function memoryTokens(first: Tokens | null = null): TokenStore {
  let current = first
  const next = inTurn()
  return {
    load: async () => current,
    update: renew =>
      next(async () => {
        current = await renew(current)
        return current
      }),
  }
}
