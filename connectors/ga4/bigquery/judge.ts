import { type ConnectorError, configError, permissionError, RetryableError } from '../../../plugins/errors.ts'
import type { Answer } from '../../../plugins/http/index.ts'
import type { BigQuerySettings } from '../settings.ts'

/** Reasons for which BigQuery answers 403 though no right is missing. */
const BUSY = new Set(['rateLimitExceeded', 'quotaExceeded', 'userRateLimitExceeded'])

interface Failure {
  readonly error?: { readonly message?: unknown; readonly errors?: readonly { readonly reason?: unknown }[] }
}

/** What BigQuery's own errors mean; undefined: what the status says. */
export function judgeBy({ project_id, property_id }: BigQuerySettings) {
  return (answer: Answer): ConnectorError | undefined => {
    if (answer.status !== 403 && answer.status !== 404) return
    let failure: Failure
    try {
      failure = answer.json<Failure>()
    } catch {
      return
    }
    const message = String(failure?.error?.message ?? `HTTP ${answer.status}`)
    const reason = String(failure?.error?.errors?.[0]?.reason ?? '')
    if (BUSY.has(reason)) return new RetryableError(`BigQuery's limit is reached: ${message}`)
    if (reason === 'accessDenied')
      return permissionError(`BigQuery refuses access to project ${project_id}: ${message}`)
    if (reason !== 'notFound') return
    if (/\/tables\//.test(answer.ask.path)) return new RetryableError(`the table has gone: ${message}`)
    return configError(
      `there is no dataset analytics_${property_id} in project ${project_id}: is the export to BigQuery switched on? ${message}`,
      '/property_id',
    )
  }
}
