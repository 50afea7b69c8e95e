import { fatalError } from '../../../plugins/errors.ts'

/** Where a connection stands: the state of the stream `records`. */
export interface Position {
  readonly version: 1
  /** Of the next row. */
  readonly sequence: number
  /** The tap's own state, JSON as it has written it; null: it has given none yet. */
  readonly tap: string | null
  /**
   * Entries that were handed on behind that state, with a digest of them. A tap that goes on from its state sends
   * them again. null: none.
   */
  readonly again: { readonly entries: number; readonly digest: string } | null
  /** Hash of the last SCHEMA that was handed on, by stream. */
  readonly schemas: Readonly<Record<string, string>>
}

export const START: Position = { version: 1, sequence: 0, tap: null, again: null, schemas: {} }

/** @throws fatal for a state of another version */
export function positionOf(state: unknown): Position {
  if (state === null || state === undefined) return START
  const { version } = state as { version?: unknown }
  if (version !== 1)
    throw fatalError(
      `a state of version ${String(version)} cannot be read: it was written by a newer version`,
    )
  return state as Position
}
