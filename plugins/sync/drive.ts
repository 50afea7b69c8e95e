import type { ReadBatch } from '../contract.ts'
import type { Position } from '../http/paging/paging.ts'
import { type Cursor, PositionLost, type Span } from './cursor.ts'

/** Records of a page as an author yields them. */
export interface PageOfRecords<R> extends Omit<ReadBatch<R, unknown>, 'state'> {
  /** Where the next page is, null behind the last: `page.next` of `client.pages`. */
  readonly next: Position | null
}

export type ReadSpan<Slice, R> = (slice: Slice, from: Position | null) => AsyncIterable<PageOfRecords<R>>

/** Reads a stream span by span; each batch carries the state from which reading goes on behind it. */
export async function* drive<Slice, State, Context, R>(
  cursor: Cursor<Slice, State, Context>,
  context: Context,
  state: State | null,
  read: ReadSpan<Slice, R>,
): AsyncGenerator<ReadBatch<R, State>> {
  for await (const span of cursor.spans(context, state)) yield* pagesOf(span, read)
}

async function* pagesOf<Slice, State, R>(
  span: Span<Slice, State>,
  read: ReadSpan<Slice, R>,
): AsyncGenerator<ReadBatch<R, State>> {
  let from = span.from
  for (;;)
    try {
      let ended = false
      for await (const { next, ...page } of read(span.slice, from)) {
        yield { ...page, state: span.at(next) }
        ended = next === null
        from = next
      }
      // Nothing there, which has to be remembered too.
      if (!ended) yield { records: [], state: span.at(null) }
      return
    } catch (error) {
      if (!(error instanceof PositionLost) || from === null) throw error
      from = null
    }
}
