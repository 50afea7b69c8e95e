import type { Position } from '../http/paging/paging.ts'

/** A part of a stream that is read in one go, page by page. */
export interface Span<Slice, State> {
  readonly slice: Slice
  /** The page to begin at; null: the first. */
  readonly from: Position | null
  /** The state once a page is committed whose next one is at `next`; null: the span is read. */
  at(next: Position | null): State
}

/** How a stream is cut into spans and remembered. `Context` is what the connector's client and settings are in. */
export interface Cursor<Slice, State, Context> {
  /** The field of the records that it goes by; null where it goes by none. */
  readonly field: string | null
  /** The spans still to be read from a state on (null: from the beginning), in order. */
  spans(context: Context, state: State | null): AsyncIterable<Span<Slice, State>>
}

/** Context a cursor needs of its stream. */
export interface Timed {
  /** UTC microseconds. */
  now(): number
}

/** The platform does not know this page any more: the span is read again from its start. */
export class PositionLost extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PositionLost'
  }
}
