import type { Kind } from '../codec/kind.ts'

/** What a window adds up: numbers only. Amounts are integers (micros). */
export type Sums = Record<string, number>

export interface WindowSpec<A extends Sums = Sums> {
  /** Raise it with every change of the sums or of the size. */
  readonly version: number
  /** Length of a window, microseconds; windows begin at multiples of it. */
  readonly sizeUs: number
  /**
   * How long windows are kept after their end, microseconds of the tenant's watermark; left out: for ever. At the
   * tick that comes past it a window is removed, as it was shown last; a record for it is a dead letter from then on.
   * Windows that were there before this was declared are removed if they have changed since.
   */
  readonly retainUs?: number
  /** Event time of a record, UTC microseconds. However late it is, it counts in its window, which is shown again. */
  time(record: never): number
  empty(): A
  /** Adds a record to its window, by kind. */
  readonly on: Readonly<Record<string, (sums: A, record: never) => void>>
  /** The record that shows a window as it now is. Of several changes at once only the last is shown. */
  show(window: Window<A>): Shown
}

export interface Window<A extends Sums = Sums> {
  /** Parts of the key of the records in it, tenant first. */
  readonly key: readonly string[]
  /** UTC microseconds. */
  readonly start: number
  readonly sums: Readonly<A>
}

export interface Shown {
  readonly topic: string
  readonly kind: Kind
  readonly value: object
  readonly key: readonly string[]
}

/** Declares windows; the types of sums and records follow from the declaration. */
export function windows<A extends Sums, R>(
  spec: Omit<WindowSpec<A>, 'time' | 'on'> & {
    time(record: R): number
    readonly on: Readonly<Record<string, (sums: A, record: R) => void>>
  },
): WindowSpec {
  return spec as unknown as WindowSpec
}
