import type { PoolClient, QueryConfig } from 'pg'
import { StratumError } from '../../errors.ts'
import type { Param, Row, Session } from './port.ts'

const COMMENT = String.raw`--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/`
/** What would end the transaction, or take its role and tenant away, and with them the walls between tenants. */
const LEAVES = new RegExp(
  String.raw`^(?:\s|${COMMENT})*(?:abort|begin|commit|discard|do|end|prepare|release|reset|rollback|savepoint|set|start)\b|\bset_config\b`,
  'i',
)

/** What a transaction is asked through while it lasts. */
export class OpenSession implements Session {
  /** The first statement that failed: nothing after it counts, even where nobody looked at it. */
  failure: { readonly error: unknown } | null = null
  readonly #client: PoolClient
  readonly #silentMs: number
  readonly #running = new Set<Promise<unknown>>()
  #isOver = false

  /** @param silentMs how long a statement may go without an answer; 0: for ever */
  constructor(client: PoolClient, silentMs: number) {
    this.#client = client
    this.#silentMs = silentMs
  }

  async query<T = Row>(sql: string, params: readonly Param[] = []): Promise<T[]> {
    if (this.#isOver) throw refuse('the transaction is over: wait for all its statements inside it')
    const running = this.#ask<T>(sql, params)
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      this.failure ??= { error }
      throw error
    } finally {
      this.#running.delete(running)
    }
  }

  /** One statement a query: the extended protocol takes no second one behind a semicolon. */
  async #ask<T>(text: string, values: readonly Param[]): Promise<T[]> {
    if (LEAVES.test(text))
      throw refuse(
        `a statement cannot leave its transaction or change its scope: ${text.trim().slice(0, 80)}`,
      )
    const asked = { text, values: [...values], queryMode: 'extended', query_timeout: this.#silentMs }
    return (await this.#client.query(asked as QueryConfig)).rows
  }

  /** Nothing is taken any more; resolves when what was asked is answered. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.allSettled(this.#running)
  }
}

const refuse = (what: string) => new StratumError('STORE_REFUSED', `Catalogue: ${what}`)
