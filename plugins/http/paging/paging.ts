import type { Answer, Ask } from '../message.ts'

/** Where a page is. JSON: it travels in the state, so that a run goes on at the page where it stopped. */
export type Position = string | number | { readonly [name: string]: string | number }

/** How a platform cuts a list. */
export interface Paging {
  /** The request of the page at a position; null is the first page. */
  at(ask: Ask, position: Position | null): Ask
  /** Where the next page is; null behind the last. */
  next(answer: Answer, position: Position | null): Position | null
  /**
   * Positions behind a page that may be asked for before the pages in front of them are there, the nearest first.
   * Left out: each page has to be there before it is known where the next one is.
   */
  ahead?(answer: Answer, position: Position | null): readonly (string | number)[]
}

export interface Page<T> {
  readonly body: T
  readonly answer: Answer
  /** Goes into the state beside the page's records. Null behind the last. */
  readonly next: Position | null
}
