import { didYouMean } from '../config/index.ts'
import { StratumError } from '../errors.ts'

/** Arguments of an operation, which come from another process: what they should be, or USAGE. */
export type Args = Readonly<Record<string, unknown>>

export const usage = (message: string): StratumError => new StratumError('USAGE', message)

export function textArg(args: Args, name: string): string | undefined {
  const value = args[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw usage(`${name} must be text`)
  return value
}

/** A whole number, 0 or more. */
export function countArg(args: Args, name: string): number | undefined {
  const value = args[name]
  if (value === undefined || value === null) return undefined
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw usage(`${name} must be a whole number`)
  return value as number
}

/** USAGE with the nearest name and all there are. */
export function unknownName(what: string, name: string, known: readonly string[]): StratumError {
  const list = known.length === 0 ? 'there is none' : `there are: ${known.join(', ')}`
  return usage(`there is no ${what} ${name}${didYouMean(name, known)}; ${list}`)
}
