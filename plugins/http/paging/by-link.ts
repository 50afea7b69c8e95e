import type { Paging } from './paging.ts'

/** A list whose pages each give the whole address of the next: Snapchat's `next_link`. It is followed as it is. */
// biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's
export function byLink(next: (body: any) => string | null | undefined): Paging {
  return {
    at: (ask, position) => (position === null ? ask : { ...ask, path: String(position), query: {} }),
    next: answer => next(answer.json()) || null,
  }
}
