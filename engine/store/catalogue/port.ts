/**
 * The catalogue: tenants, users and what they have set; PostgreSQL, in process or over the network, and one client
 * for both. Its tables are in the schema `stratum`. Times are UTC microseconds and money is integer micros beside
 * its currency, both in columns of the type `stratum.micros`: numbers here. A day is text, `2026-01-31`.
 */
export interface Catalogue {
  /** One statement, a transaction of its own: as `transaction`. */
  query<T = Row>(scope: Scope, sql: string, params?: readonly Param[]): Promise<T[]>
  /**
   * Runs `fn` and commits what it did, all of it or nothing, as if no other transaction ran beside it. After a
   * collision with another one, or a connection that was lost before the commit, `fn` runs again: it must change
   * nothing but the catalogue. What it throws rolls back.
   *
   * @throws StratumError STORE_UNAVAILABLE: an outage, nothing is done and it may be tried again. OUTCOME_UNKNOWN:
   * the connection was lost at the commit, which may be done or not: read before trying again. STORE_REFUSED: the
   * statement is refused and would be again; `refusalOf` says by which constraint. TABLE_MISMATCH: the catalogue is
   * of another release.
   */
  transaction<T>(scope: Scope, fn: (session: Session) => Promise<T>): Promise<T>
  /** What `migrate` would do, in order. @throws StratumError TABLE_MISMATCH: it cannot be made this release's */
  plan(): Promise<Migration[]>
  /** Makes the catalogue what this release needs; what it did. Any number of processes may do so at once. */
  migrate(): Promise<Migration[]>
  close(): Promise<void>
}

/**
 * Whose rows are seen. A tenant: its own and no other, whatever the statement says. `system`: all; for signing in,
 * for SUPERADMIN, for what runs across tenants.
 */
export type Scope = { readonly tenant: string } | 'system'

export interface Session {
  /** One statement; `params` fill `$1`, `$2` … Rows as objects. */
  query<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]>
}

export type Row = Record<string, unknown>

/** JSON goes in as text (`JSON.stringify`), so that a list is never taken for an array. */
export type Param = string | number | boolean | null | Uint8Array | readonly string[]

/** A step from one form of the catalogue to the next. Once released it is never changed: the next one corrects it. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number
  readonly name: string
  /** Statements; they run in one transaction with those of the other steps. */
  readonly sql: string
}
