import { PayloadError } from '../../../plugins/errors.ts'
import { byPage } from '../../../plugins/http/index.ts'

export type Json = Readonly<Record<string, unknown>>

/** What every answer is wrapped in, with HTTP 200 for errors too (platforms.md §3.1). */
export interface Envelope {
  readonly code: number
  readonly message?: unknown
  readonly request_id?: unknown
  readonly data?: unknown
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isEnvelope = (body: unknown): body is Envelope => isObject(body) && typeof body.code === 'number'

/** @throws payload: there is none */
export function dataOf(body: Envelope, path: string): Json {
  if (isObject(body.data)) return body.data
  throw new PayloadError('the answer has no data', { origin: path })
}

/** Rows of a list. @throws payload: there is none */
export function listOf(body: Envelope, path: string): readonly unknown[] {
  const { list } = dataOf(body, path)
  if (Array.isArray(list)) return list
  throw new PayloadError('the answer has no list', { origin: path })
}

/** The largest a page may be (platforms.md §3.2). */
const PAGE_ROWS = 1000

/** Pages by number, up to the one that the answer calls the last. @param inFlight under way at once */
export const inPages = (path: string, inFlight: number) =>
  byPage({
    size: PAGE_ROWS,
    inFlight,
    pages(body: Envelope) {
      const info = dataOf(body, path).page_info
      const total = isObject(info) ? info.total_page : undefined
      // Without it the rest of the list would be left out, and nobody would know.
      if (!Number.isSafeInteger(total))
        throw new PayloadError('the answer does not say how many pages there are', { origin: path })
      return total as number
    },
  })
