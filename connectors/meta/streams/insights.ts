import { type Position, type Query, reportJob } from '../../../plugins/http/index.ts'
import { addDays, type DaySlice, daysBetween, PositionLost } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { List } from '../api/paging.ts'
import { isInvalid, isNotLoaded, isTooMuch } from '../api/trouble.ts'
import type { Context } from '../context.ts'
import { earlier } from './days.ts'
import { JobFailed, jobState, startJob } from './report-run.ts'

/** Rows of a page. */
const ROWS = 1000

/**
 * Where a run is within a slice: the piece of it that is being read, and in that piece the report and the cursor.
 * A piece is the whole slice until Meta finds it too large.
 */
interface Place {
  readonly since: string
  /** Days of a piece. */
  readonly days: number
  /** The report that is being read; left out: none was asked for yet, or the piece is asked for at once. */
  readonly job?: string
  readonly after?: string
}

export interface InsightsPage {
  readonly body: List
  /** Behind the last page of the slice: null. */
  readonly next: Position | null
}

/**
 * A slice of days of an account's insights. More than one day is a report that Meta makes in the background; a single
 * day is asked for at once. What fails as too large is asked for in halves.
 * @throws PositionLost: the report was thrown away meanwhile
 */
export async function* insights(
  context: Context,
  account: Account,
  query: Query,
  slice: DaySlice,
  from: Position | null,
): AsyncGenerator<InsightsPage> {
  const whole: Place = { since: slice.from, days: daysBetween(slice.from, slice.to) + 1 }
  let place = (from as Place | null) ?? whole
  while (place.since <= slice.to) {
    const { since, days } = place
    const until = earlier(addDays(since, days - 1), slice.to)
    const behind = until < slice.to ? position({ since: addDays(until, 1), days }) : null
    let isBegun = place.job !== undefined || place.after !== undefined
    try {
      for await (const { page, at } of piece(context, account, query, place, until)) {
        isBegun = true
        yield { body: page, next: at === null ? behind : position(at) }
      }
      if (behind === null) return
      place = behind as unknown as Place
    } catch (error) {
      if (isBegun || days === 1 || !(error instanceof JobFailed || isTooMuch(error))) throw error
      const half = Math.ceil((daysBetween(since, until) + 1) / 2)
      place = { since, days: half }
    }
  }
}

async function* piece(
  context: Context,
  account: Account,
  query: Query,
  place: Place,
  until: string,
): AsyncGenerator<{ readonly page: List; readonly at: Place | null }> {
  const { client } = context
  const { since, days } = place
  const asked = { ...query, time_range: { since, until } }
  const isJob = since < until
  const job = isJob ? (place.job ?? (await finishedJob(context, account, asked))) : undefined
  const path = job === undefined ? `act_${account.id}/insights` : `${job}/insights`
  const at = { from: place.after ?? null, rows: ROWS }
  const isResumed = place.job !== undefined
  let isFirst = true
  try {
    for await (const page of client.pages(account.id, path, job === undefined ? asked : {}, at)) {
      isFirst = false
      const after = page.next as string | null
      yield { page: page.body, at: after === null ? null : { since, days, ...(job && { job }), after } }
    }
  } catch (error) {
    // Reports are kept for some time only.
    if (isFirst && isResumed && (isInvalid(error) || isNotLoaded(error)))
      throw new PositionLost(`report ${job}`)
    throw error
  }
}

/** @throws JobFailed */
async function finishedJob(context: Context, account: Account, query: Query): Promise<string> {
  const http = context.client.of(account.id)
  const job = await startJob(http, account.id, query)
  let unseen = 0
  return reportJob(
    {
      async poll() {
        const state = await jobState(http, job)
        if (state === 'unseen' && ++unseen > 20) throw new JobFailed(`report ${job} never appeared`)
        return state === 'done' ? job : null
      },
    },
    context,
  )
}

const position = (place: Place): Position => place as unknown as Position
