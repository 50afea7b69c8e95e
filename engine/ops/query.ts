import { StratumError } from '../errors.ts'
import type { Operation } from './operation.ts'

/** Statements that only read. */
const READS = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(select|with|show|describe|desc|explain|exists)\b/i

/** Rows of a query that reads; anything else is refused here and by the store (`readonly`). */
export const query: Operation = async (context, args) => {
  const sql = String(args.sql ?? '')
  if (!READS.test(sql))
    throw new StratumError('USAGE', 'query only reads: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN or EXISTS')
  const warehouse = await context.warehouse()
  return await warehouse.query(sql, (args.params ?? {}) as Record<string, unknown>, { readonly: true })
}
