import type { InsightsQuery } from './insights-query.ts'
import { Refused } from './refused.ts'
import type { Whims } from './whims.ts'

interface Job {
  readonly id: string
  readonly query: InsightsQuery
  /** Monotonic milliseconds. */
  readonly startedAt: number
  readonly ending: 'Job Completed' | 'Job Failed' | 'Job Skipped'
}

export interface JobTimes {
  /** Until a report that was asked for is known. Milliseconds. */
  readonly unseenMs: number
  /** Until it is ready. Milliseconds. */
  readonly readyMs: number
}

const FIRST_ID = 6_023_920_149_050_000

/** Reports made in the background: not seen at first, then started, running, at 100 % and still running, done. */
export class Jobs {
  readonly #all = new Map<string, Job>()
  readonly #times: JobTimes
  readonly #whims: Whims
  readonly #now: () => number
  /** How many were asked for. */
  made = 0

  constructor(times: JobTimes, whims: Whims, now: () => number = () => performance.now()) {
    this.#times = times
    this.#whims = whims
    this.#now = now
  }

  /** @param isTooLarge it will fail */
  start(query: InsightsQuery, isTooLarge: boolean): string {
    const id = String(FIRST_ID + ++this.made)
    const isDoomed = isTooLarge || this.#whims.failJobs > 0
    if (this.#whims.failJobs > 0) this.#whims.failJobs--
    const ending = isDoomed ? this.#whims.failedStatus : 'Job Completed'
    this.#all.set(id, { id, query, startedAt: this.#now(), ending })
    return id
  }

  /** Null: there is none, or not yet. */
  shown(id: string) {
    const job = this.#find(id)
    if (job === null) return null
    const share = this.#share(job)
    const isOver = share >= 1
    const status = isOver
      ? job.ending
      : share < 0.2
        ? 'Job Not Started'
        : share < 0.4
          ? 'Job Started'
          : 'Job Running'
    return {
      id,
      account_id: job.query.account.id,
      async_status: status,
      async_percent_completion: isOver || share > 0.8 ? 100 : Math.floor(share * 100),
      is_running: !isOver,
      ...(isOver && job.ending !== 'Job Completed'
        ? { error_code: 1, error_subcode: 99, error_message: 'Please reduce the amount of data' }
        : {}),
    }
  }

  /** Reports that were made are thrown away. */
  forget(): void {
    this.#all.clear()
  }

  /** What a report that is done is of. @throws Refused: it is not done */
  done(id: string): InsightsQuery | null {
    const job = this.#find(id)
    if (job === null) return null
    if (this.#share(job) < 1 || job.ending !== 'Job Completed')
      throw new Refused({
        code: 2601,
        subcode: 1815107,
        isTransient: true,
        message: 'Error accessing adreport job.',
        title: 'Loading Async Ads Report Failed',
      })
    return job.query
  }

  #find(id: string): Job | null {
    const job = this.#all.get(id)
    if (job === undefined) return null
    return this.#now() - job.startedAt < this.#times.unseenMs ? null : job
  }

  #share({ startedAt }: Job): number {
    const { readyMs } = this.#times
    return readyMs <= 0 ? 1 : Math.min(1, (this.#now() - startedAt) / readyMs)
  }
}
