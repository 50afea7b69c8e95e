import { type ConnectorError, fatalError } from '../errors.ts'

/** Of several things asked for in one request: what became of each. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ConnectorError }

export interface Parted<T> {
  readonly done: readonly T[]
  readonly failed: readonly { readonly index: number; readonly error: ConnectorError }[]
}

/** Parts what a platform did from what it refused; `index` is the place in the request. */
export function part<T>(outcomes: readonly Outcome<T>[]): Parted<T> {
  const done: T[] = []
  const failed: { index: number; error: ConnectorError }[] = []
  for (const [index, outcome] of outcomes.entries())
    if (outcome.ok) done.push(outcome.value)
    else failed.push({ index, error: outcome.error })
  return { done, failed }
}

/** The one thing that was asked for. @throws its error; fatal: the platform said nothing of it */
export function only<T>(outcomes: readonly Outcome<T>[]): T {
  const [first] = outcomes
  if (first === undefined) throw fatalError('the platform said nothing of what was asked for')
  if (!first.ok) throw first.error
  return first.value
}
