import { chance } from '../../../plugins/simulator/random.ts'
import { Refused } from './answers.ts'
import type { Crowd } from './crowd.ts'
import { type Parsed, parse } from './soql.ts'
import type { Fields } from './store.ts'

export type JobState = 'UploadComplete' | 'InProgress' | 'Aborted' | 'JobComplete' | 'Failed'

interface Job {
  readonly id: string
  readonly operation: string
  readonly parsed: Parsed
  readonly createdAt: number
  state: JobState
  /** Questions until it is done. */
  left: number
  rows: readonly Fields[]
}

export interface JobsOptions {
  readonly seed: number
  /** Questions that a job is not ready for. */
  readonly polls: number
  /** Rows of a page at most, however many are asked for. */
  readonly pageRows: number
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly crowd: Crowd
  readonly run: (parsed: Parsed, withDeleted: boolean) => Fields[]
}

/** Query jobs a day. */
const MOST = 10_000

/** Query jobs of Bulk API 2.0: UploadComplete, InProgress, JobComplete; or Failed, or Aborted. */
export class Jobs {
  readonly #o: JobsOptions
  readonly #jobs = new Map<string, Job>()
  /** So many of the next jobs fail. */
  failing = 0
  made = 0

  constructor(options: JobsOptions) {
    this.#o = options
  }

  create(operation: string, query: string): object {
    if (this.made >= MOST) throw new Refused(400, 'EXCEEDEDQUOTA', `${MOST} query jobs in 24 hours`)
    if (operation !== 'query' && operation !== 'queryAll')
      throw new Refused(400, 'INVALIDJOB', `unknown operation ${operation}`)
    const { seed, polls, now, run } = this.#o
    const parsed = parse(query)
    const rows = run(parsed, operation === 'queryAll')
    const random = chance(seed, 'job', ++this.made)
    const id = `750${Array.from({ length: 12 }, () => random.between(0, 35).toString(36).toUpperCase()).join('')}AAA`
    const job: Job = { id, operation, parsed, createdAt: now(), state: 'UploadComplete', left: polls, rows }
    this.#jobs.set(id, job)
    return shown(job)
  }

  poll(id: string): object {
    const job = this.#known(id)
    if (job.state === 'UploadComplete' || job.state === 'InProgress') {
      if (job.left-- > 0) job.state = 'InProgress'
      else if (this.failing > 0) {
        this.failing--
        job.state = 'Failed'
      } else job.state = 'JobComplete'
    }
    return { ...shown(job), numberRecordsProcessed: job.state === 'JobComplete' ? job.rows.length : 0 }
  }

  /** @param locator '': the first page */
  page(id: string, locator: string, maxRecords: number) {
    const job = this.#known(id)
    if (job.state !== 'JobComplete')
      throw new Refused(400, 'INVALIDJOBSTATE', `query job ${id} is ${job.state}`)
    const begin = locator === '' ? 0 : placeOf(locator)
    const end = begin + Math.min(maxRecords, this.#o.pageRows)
    const made = job.rows.length
    const total = made + this.#o.crowd.count(job.parsed)
    const last = Math.min(end, total)
    const rows = [
      ...job.rows.slice(begin, last),
      ...this.#o.crowd.rows(Math.max(0, begin - made), last - made),
    ]
    return {
      columns: job.parsed.fields,
      rows,
      /** As the header says it. */
      count: rows.length,
      next: end < total ? Buffer.from(`MT${end}`).toString('base64url') : 'null',
    }
  }

  /** The last rows of the page before. */
  before(id: string, locator: string, rows: number): readonly Fields[] {
    const place = placeOf(locator)
    return this.#known(id).rows.slice(Math.max(0, place - rows), place)
  }

  abort(id: string): object {
    const job = this.#known(id)
    job.state = 'Aborted'
    return shown(job)
  }

  delete(id: string): void {
    this.#known(id)
    this.#jobs.delete(id)
  }

  /** After seven days nothing is known of a job. */
  forgetAll(): void {
    this.#jobs.clear()
  }

  /** How many jobs are in a state. */
  count(state: JobState): number {
    return [...this.#jobs.values()].filter(job => job.state === state).length
  }

  #known(id: string): Job {
    const job = this.#jobs.get(id)
    if (!job) throw new Refused(404, 'NOT_FOUND', 'The requested resource does not exist')
    return job
  }
}

function placeOf(locator: string): number {
  const [, place] = /^MT(\d+)$/.exec(Buffer.from(locator, 'base64url').toString()) ?? []
  if (place === undefined) throw new Refused(400, 'INVALIDLOCATOR', 'Invalid locator')
  return Number(place)
}

const shown = ({ id, operation, parsed, createdAt, state }: Job) => ({
  id,
  operation,
  object: parsed.object,
  createdById: '0055f000000EXAMPLEAAA',
  createdDate: new Date(createdAt).toISOString().replace('Z', '+0000'),
  systemModstamp: new Date(createdAt).toISOString().replace('Z', '+0000'),
  state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: 66.0,
  lineEnding: 'LF',
  columnDelimiter: 'COMMA',
})
