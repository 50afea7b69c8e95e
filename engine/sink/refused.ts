import { StratumError } from '../errors.ts'

/** Server codes that speak of values, not of tables or rights: only for these are rows taken apart. */
const DATA_CODES = new Set([6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 128, 131, 321, 407, 469, 590])

/** The rows are refused, not the statement: another row may be taken. */
export function aboutValues(error: unknown): error is StratumError {
  if (!(error instanceof StratumError) || error.code !== 'STORE_REFUSED') return false
  const { code } = (error.cause ?? {}) as { code?: unknown }
  return DATA_CODES.has(Number(/Code: (\d+)/.exec(error.message)?.[1] ?? code))
}
