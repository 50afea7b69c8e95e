import type { Connected } from '../../plugins/contract.ts'
import { ConnectorError, RetryableError } from '../../plugins/errors.ts'
import { type HttpClient, type Position, reportJob } from '../../plugins/http/index.ts'
import { PositionLost } from '../../plugins/sync/index.ts'
import { API } from './client.ts'
import { type CsvPage, pageOf } from './csv.ts'
import type { CodedError } from './errors.ts'
import type { Settings } from './settings.ts'

export type Salesforce = Connected<Settings, HttpClient>

/** A query job of Bulk API 2.0 (platforms.md §7). */
interface Job {
  readonly id: string
  readonly state: 'UploadComplete' | 'InProgress' | 'Aborted' | 'JobComplete' | 'Failed'
  readonly errorMessage?: string
}

export interface Query {
  /** `queryAll` gives what was deleted as well. */
  readonly operation: 'query' | 'queryAll'
  readonly soql: string
}

/** Where a page is: the job, and the locator within its results ('' for the first page). */
export type Place = { readonly job: string; readonly locator: string }

export interface JobPage {
  readonly rows: CsvPage['rows']
  /** Null behind the last. */
  readonly next: Place | null
}

/** Rows of a page at most; Salesforce may give fewer. */
const MAX_RECORDS = 5000
const JOBS = `${API}/jobs/query`

/**
 * The results of a query, page by page. A job is made first and handed on at once, without rows, so that a run which
 * is cut off while Salesforce works asks for the same job again. Jobs are not deleted: whether a page has been
 * committed is not known here, and Salesforce forgets results after 7 days by itself.
 * @throws PositionLost: the job is no more, or came to nothing; RetryableError: it failed just now
 */
export async function* results(
  { client, signal, pace }: Salesforce,
  query: Query,
  from: Position | null,
): AsyncGenerator<JobPage> {
  const place = from as Place | null
  const job = place?.job ?? (await create(client, query))
  if (place === null) yield { rows: [], next: { job, locator: '' } }
  const context = { signal, ...(pace ? { pace } : {}) }
  await finding(place, () => finished(client, job, place !== null, context))
  for (let locator: string | null = place?.locator ?? ''; locator !== null; ) {
    const asked: string = locator
    const page: CsvPage = await finding(place, () => resultPage(client, job, asked))
    const next: Place | null = page.locator === null ? null : { job, locator: page.locator }
    yield { rows: page.rows, next }
    locator = page.locator
  }
}

/** The results of several queries, one after the other, as one list. */
export async function* allResults(
  context: Salesforce,
  queries: readonly Query[],
  from: Position | null,
): AsyncGenerator<{ readonly rows: JobPage['rows']; readonly next: Position | null }> {
  const place = from as ({ readonly query: number } & Partial<Place>) | null
  const first = place?.query ?? 0
  for (let query = first; query < queries.length; query++) {
    const own =
      query === first && place?.job !== undefined ? { job: place.job, locator: place.locator! } : null
    const ended = query + 1 < queries.length ? { query: query + 1 } : null
    for await (const { rows, next } of results(context, queries[query]!, own))
      yield { rows, next: next === null ? ended : { ...next, query } }
  }
}

async function create(client: HttpClient, { operation, soql }: Query): Promise<string> {
  const job = { operation, query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' }
  // One made twice costs a job of 10,000 a day, and nothing else.
  return (await client.post<Job>(JOBS, job, { idempotent: true })).id
}

async function finished(
  client: HttpClient,
  id: string,
  isOld: boolean,
  context: Pick<Salesforce, 'signal' | 'pace'>,
): Promise<true> {
  const poll = async (): Promise<true | null> => {
    const { state, errorMessage } = await client.get<Job>(`${JOBS}/${id}`)
    if (state === 'JobComplete') return true
    if (state !== 'Failed' && state !== 'Aborted') return null
    // Asked for again, it would have failed for ever.
    if (isOld) throw new PositionLost(`query job ${id} is ${state}`)
    throw Object.assign(
      new RetryableError(`a query job is ${state}${errorMessage ? `: ${errorMessage}` : ''}`),
      {
        isOver: true,
      },
    )
  }
  try {
    return await reportJob({ poll, firstMs: 2000 }, context)
  } catch (error) {
    // Given up: nobody waits for it any more.
    if (error instanceof RetryableError && !('isOver' in error) && !context.signal.aborted)
      await abort(client, id)
    throw error
  }
}

async function abort(client: HttpClient, id: string): Promise<void> {
  try {
    const path = `${JOBS}/${id}`
    await client.ask({ method: 'PATCH', path, json: { state: 'Aborted' }, idempotent: true })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
  }
}

async function resultPage(client: HttpClient, id: string, locator: string): Promise<CsvPage> {
  const answer = await client.ask({
    path: `${JOBS}/${id}/results`,
    query: { maxRecords: MAX_RECORDS, locator: locator === '' ? undefined : locator },
    headers: { accept: 'text/csv' },
  })
  return pageOf(answer)
}

/** A job that is asked for again may have gone. */
async function finding<T>(place: Place | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as CodedError
    if (place !== null && (code === 'NOT_FOUND' || code === '404'))
      throw new PositionLost(`query job ${place.job} is no more`)
    throw error
  }
}
