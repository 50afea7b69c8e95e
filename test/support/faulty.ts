import { StratumError } from '../../engine/errors.ts'
import type { InsertBlock, Warehouse } from '../../engine/store/warehouse.ts'

/** What happens to an insert; `insert` does it. */
export type Fault = (block: InsertBlock, insert: () => Promise<void>) => Promise<void>

export interface Faulty extends Warehouse {
  /** One for each of the next inserts; when there is none left, they go well. */
  readonly faults: Fault[]
  /** One for each of the next queries: what they fail with. */
  readonly failures: unknown[]
  /** Tokens of all inserts that were asked for. */
  readonly tokens: string[]
}

/** A warehouse whose inserts and queries go wrong as they are told to. */
export function faulty(warehouse: Warehouse): Faulty {
  const faults: Fault[] = []
  const failures: unknown[] = []
  const tokens: string[] = []
  return {
    faults,
    failures,
    tokens,
    async query(sql, params, options) {
      if (failures.length > 0) throw failures.shift()
      return warehouse.query(sql, params, options)
    },
    show: (sql, signal) => warehouse.show(sql, signal),
    command: (sql, settings) => warehouse.command(sql, settings),
    async insert(block) {
      tokens.push(block.token)
      const fault = faults.shift()
      await (fault ? fault(block, () => warehouse.insert(block)) : warehouse.insert(block))
    },
    async close() {},
  }
}

/** As the client reports what it could not reach, or did not hear from in time. */
export const away = (why = 'socket hang up') => new StratumError('STORE_UNAVAILABLE', `ClickHouse: ${why}`)

/** A refusal of the server with one of its codes. */
export const refusal = (code: number, why: string) =>
  new StratumError('STORE_REFUSED', `ClickHouse: ${why}`, { cause: { code: String(code) } })

export const failsBefore: Fault = async () => {
  throw away('connect ECONNREFUSED')
}

/** The rows are in, and nobody hears of it. */
export const failsAfter: Fault = async (_, insert) => {
  await insert()
  throw away()
}

/** What a crash of the store leaves behind: it knows the token of an insert whose rows, all or some, are gone. */
export const losesRows =
  (warehouse: Warehouse, where = '1'): Fault =>
  async ({ database, table, token }, insert) => {
    await insert()
    const [, from, to] = /:d?(\d+)-(\d+)(:r\d+)?$/.exec(token)!
    const gone = `_offset BETWEEN ${from} AND ${to} AND (${where})`
    await warehouse.command(`ALTER TABLE ${database}.${table} DELETE WHERE ${gone}`, { mutations_sync: 2 })
    throw away()
  }
