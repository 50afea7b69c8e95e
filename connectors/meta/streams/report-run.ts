import { fatalError } from '../../../plugins/errors.ts'
import type { HttpClient, Query } from '../../../plugins/http/index.ts'
import { isMissing } from '../api/trouble.ts'
import type { Json } from '../fields.ts'

/**
 * Meta gave up making a report; a smaller one may succeed. No ConnectorError: `instanceof` is true of all of them.
 */
export class JobFailed extends Error {
  readonly kind = 'retryable' as const
  readonly retryAfterMs = null
  constructor(message: string) {
    super(message)
    this.name = 'JobFailed'
  }
}

/** Asks for a report to be made in the background (platforms.md §1.2). @returns its number */
export async function startJob(http: HttpClient, account: string, query: Query): Promise<string> {
  const form = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
  // One more than needed does no harm, and is forgotten.
  const answer = await http.ask({ method: 'POST', path: `act_${account}/insights`, form, idempotent: true })
  const { report_run_id: job } = answer.json<Json>()
  if (typeof job === 'string' && /^\d+$/.test(job)) return job
  throw fatalError('Meta names no report_run_id for the report it was asked for')
}

/**
 * How far a report is. 100 percent is not the end: the status says it.
 * @returns `unseen`: Meta does not know it yet, as happens just after it was asked for
 * @throws JobFailed
 */
export async function jobState(http: HttpClient, job: string): Promise<'done' | 'running' | 'unseen'> {
  const fields = 'async_status,async_percent_completion,error_code,error_subcode,error_message'
  try {
    const run = await http.get<Json>(job, { fields })
    const { async_status: status } = run
    if (status === 'Job Completed') return 'done'
    if (status === 'Job Failed' || status === 'Job Skipped') throw new JobFailed(reasonOf(job, run))
    return 'running'
  } catch (error) {
    if (isMissing(error)) return 'unseen'
    throw error
  }
}

function reasonOf(job: string, { async_status, error_code, error_subcode, error_message }: Json): string {
  const codes = [error_code, error_subcode].filter(code => typeof code === 'number' && code !== 0)
  const said = [codes.join('/'), error_message].filter(word => typeof word === 'string' && word !== '')
  return `report ${job}: ${async_status}${said.length > 0 ? ` (${said.join(': ')})` : ''}`
}
