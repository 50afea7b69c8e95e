import type { TokenStore, Tokens } from '../source/tokens.ts'
import type { Catalogue } from '../store/catalogue/port.ts'
import { inTurn } from '../turns.ts'
import { type Connection, place } from './connections.ts'
import type { Locks } from './locks.ts'
import type { Vault } from './vault.ts'

/**
 * A connection's tokens in the catalogue, sealed. Renewing is done by one process at a time, and what the platform
 * gave is kept before it is used: a refresh token that rotates is worth nothing twice.
 */
export class KeptTokens implements TokenStore {
  readonly #catalogue: Catalogue
  readonly #vault: Vault
  readonly #locks: Locks
  readonly #of: Pick<Connection, 'tenant' | 'name'>
  readonly #signal: AbortSignal
  /** One after the other here, before asking for the lock. */
  readonly #next = inTurn()

  constructor(
    catalogue: Catalogue,
    vault: Vault,
    locks: Locks,
    of: Pick<Connection, 'tenant' | 'name'>,
    signal: AbortSignal,
  ) {
    this.#catalogue = catalogue
    this.#vault = vault
    this.#locks = locks
    this.#of = of
    this.#signal = signal
  }

  async load(): Promise<Tokens | null> {
    const { tenant, name } = this.#of
    const [row] = await this.#catalogue.query<{ tokens: string | null }>(
      'system',
      'SELECT tokens FROM connections WHERE tenant_id = $1 AND name = $2',
      [tenant, name],
    )
    if (!row || row.tokens === null) return null
    return JSON.parse(this.#vault.open(row.tokens, this.#place)) as Tokens
  }

  update(renew: (current: Tokens | null) => Promise<Tokens>): Promise<Tokens> {
    return this.#next(() => this.#update(renew))
  }

  async #update(renew: (current: Tokens | null) => Promise<Tokens>): Promise<Tokens> {
    const held = await this.#locks.wait([this.#place], this.#signal)
    try {
      const current = await this.load()
      const tokens = await renew(current)
      if (tokens !== current) await this.#keep(tokens)
      return tokens
    } finally {
      await held.release()
    }
  }

  async #keep(tokens: Tokens): Promise<void> {
    const { tenant, name } = this.#of
    const sealed = this.#vault.seal(JSON.stringify(tokens), this.#place)
    await this.#catalogue.query(
      'system',
      'UPDATE connections SET tokens = $3 WHERE tenant_id = $1 AND name = $2',
      [tenant, name, sealed],
    )
  }

  get #place(): string {
    return place(this.#of.tenant, this.#of.name, 'tokens')
  }
}
