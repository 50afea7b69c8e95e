/**
 * The warehouse: ClickHouse, spoken to through `@clickhouse/client`. In process it is chDB; over the network an
 * HTTP server. What differs between the two (connection, how a block of rows travels) lives behind this port.
 */
export interface Warehouse {
  /** Rows as objects. `params` fill `{name:Type}` places; never build SQL from values. */
  query<T = Record<string, unknown>>(
    sql: string,
    params?: Readonly<Record<string, unknown>>,
    options?: QueryOptions,
  ): Promise<T[]>
  /**
   * A person's own statement, read only: rows as they are to be shown. Tables named without a database are those of
   * Stratum, and a number is never rounded: one that a double cannot hold is text.
   */
  show(sql: string, signal?: AbortSignal): Promise<Record<string, unknown>[]>
  command(sql: string, settings?: Readonly<Record<string, string | number>>): Promise<void>
  /**
   * Inserts one block in ClickHouse's Native format. STORE_UNAVAILABLE when it may be tried again (the outcome may
   * be unknown: same bytes, same token, then read back); STORE_REFUSED when the rows themselves are refused.
   * `signal` ends the wait for an answer, not the insert; in process there is nothing to wait for.
   */
  insert(block: InsertBlock, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface QueryOptions {
  /** The statement may change nothing. */
  readonly readonly?: boolean
  readonly signal?: AbortSignal
}

export interface InsertBlock {
  readonly database: string
  readonly table: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly native: Buffer
  readonly rows: number
  readonly token: string
}
