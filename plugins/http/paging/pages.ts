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
  for (;;) {
    const answer = await send(paging.at(ask, position))
    const next = paging.next(answer, position)
    if (next !== null && JSON.stringify(next) === JSON.stringify(position))
      throw fatalError(`${ask.path}: the page at ${JSON.stringify(position)} is followed by itself`)
    yield { body: answer.json<T>(), answer, next }
    if (next === null) return
    position = next
  }
}
