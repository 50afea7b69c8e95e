import { fatalError } from '../../errors.ts'
import type { Answer, Ask } from '../message.ts'
import type { Page, Paging, Position } from './paging.ts'

/** @throws fatal: the platform says that a page follows itself */
export async function* pagesOf<T>(
  send: (ask: Ask) => Promise<Answer>,
  ask: Ask,
  paging: Paging,
  from: Position | null,
): AsyncGenerator<Page<T>> {
  let position = from
  /** Pages that were asked for before it was their turn. */
  const begun = new Map<Position | null, Promise<Answer>>()
  for (;;) {
    const answer = await (begun.get(position) ?? send(paging.at(ask, position)))
    begun.delete(position)
    const next = paging.next(answer, position)
    if (next !== null && JSON.stringify(next) === JSON.stringify(position))
      throw fatalError(`${ask.path}: the page at ${JSON.stringify(position)} is followed by itself`)
    yield { body: answer.json<T>(), answer, next }
    if (next === null) return
    // Only now: whoever has seen a page may want none of those behind it.
    for (const at of paging.ahead?.(answer, position) ?? []) {
      if (begun.has(at)) continue
      const page = send(paging.at(ask, at))
      // It is awaited in its turn, or never when one before it fails.
      page.catch(() => {})
      begun.set(at, page)
    }
    position = next
  }
}
