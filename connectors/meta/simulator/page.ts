import type { Call } from './call.ts'
import { invalid, tooMuch } from './refused.ts'
import type { Shown } from './shown.ts'
import type { Whims } from './whims.ts'

/** Rows of a page when none are asked for, and the most that are given. */
const ROWS = 25
const MOST_ROWS = 5000
/** Rows that are given again where pages repeat some. */
const REPEATED = 3

/** Rows by their place in a list. */
export interface RowAt {
  readonly at: string
  readonly row: Shown
}

/**
 * A page of a list: `{data, paging: {cursors: {before, after}, next}}`.
 * @param rowsFrom rows from a place on (null: the beginning), in an order that stays
 * @param mostRows the platform gives no more in a page, whatever is asked
 */
export function pageOf(
  call: Call,
  rowsFrom: (place: string | null) => Iterator<RowAt>,
  whims: Whims,
  mostRows: number,
) {
  const asked = Number(call.params.limit ?? ROWS)
  if (!Number.isInteger(asked) || asked < 1) throw invalid('Param limit must be a positive integer')
  if (asked > MOST_ROWS) throw tooMuch()
  if (whims.isEmpty) return { data: [] }
  const from = call.params.after === undefined ? null : placeOf(call.params.after)
  const rows = rowsFrom(from?.next ?? null)
  if (from?.isPast) rows.next()
  const limit = Math.min(asked, mostRows)
  const taken: RowAt[] = []
  let more = rows.next()
  for (; !more.done && taken.length < limit; more = rows.next()) taken.push(more.value)
  const repeated = whims.repeats && from !== null ? againFrom(rowsFrom, from) : []
  const data = [...repeated, ...taken].map(({ row }) => whims.spoilt(row))
  if (taken.length === 0 && !whims.endless) return { data }
  if (whims.endless && more.done) {
    const after = cursorOf({ next: String(Number.MAX_SAFE_INTEGER), back: String(whims.given++), size: 0 })
    return { data, paging: { cursors: { before: after, after }, next: nextLink(call, after) } }
  }
  const start = taken.slice(-REPEATED)[0]!.at
  const after = more.done
    ? null
    : cursorOf({ next: more.value.at, back: start, size: Math.min(REPEATED, taken.length) })
  // It points to the end of the page: behind it there is nothing, for a client that asks nonetheless.
  const last = cursorOf({ next: taken.at(-1)!.at, back: start, size: 0, isPast: true })
  return {
    data,
    paging: {
      cursors: { before: cursorOf({ next: taken[0]!.at, back: start, size: 0 }), after: after ?? last },
      ...(after === null ? {} : { next: nextLink(call, after) }),
    },
  }
}

interface Place {
  readonly next: string
  /** Where the last rows before it begin, and how many. */
  readonly back: string
  readonly size: number
  /** The row itself is left out. */
  readonly isPast?: boolean
}

function againFrom(rowsFrom: (place: string | null) => Iterator<RowAt>, { back, size }: Place): RowAt[] {
  const rows = rowsFrom(back)
  const found: RowAt[] = []
  for (let row = rows.next(); !row.done && found.length < size; row = rows.next()) found.push(row.value)
  return found
}

const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

function placeOf(cursor: string): Place {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Place
    if (typeof place.next === 'string') return place
  } catch {
    // No cursor of ours.
  }
  throw invalid('Invalid cursors values have been provided')
}

/** The next page as a whole address, with everything that was asked: the token too. */
function nextLink({ origin, version, id, edge, params, token }: Call, after: string): string {
  const query = new URLSearchParams({ ...params, ...(token === null ? {} : { access_token: token }), after })
  return `${origin}/${version}/${id}/${edge}?${query}`
}
