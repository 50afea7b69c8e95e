import {
  authError,
  type ConnectorError,
  configError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import type { Answer } from '../../../plugins/http/index.ts'
import type { DataApiSettings } from '../settings.ts'

interface Failure {
  readonly error?: { readonly message?: unknown; readonly status?: unknown }
}

const HOUR_MS = 3_600_000

/** What the Data API's own errors mean; undefined: what the status says. */
export function judgeBy({ report_property_id }: DataApiSettings) {
  return (answer: Answer): ConnectorError | undefined => {
    if (answer.status < 400) return
    let failure: Failure
    try {
      failure = answer.json<Failure>()
    } catch {
      return
    }
    const message = String(failure?.error?.message ?? `HTTP ${answer.status}`).slice(0, 300)
    switch (failure?.error?.status) {
      case 'UNAUTHENTICATED':
        return authError(`Google refuses the access token: ${message}`)
      case 'PERMISSION_DENIED':
        return permissionError(
          `Google refuses the reports of property ${report_property_id} (is the number right, the user a viewer ` +
            `of it, and the Data API switched on?): ${message}`,
        )
      case 'NOT_FOUND':
        return configError(`there is no property ${report_property_id}: ${message}`, '/report_property_id')
      case 'RESOURCE_EXHAUSTED':
        return exhausted(answer, message)
    }
  }
}

/** Quotas fill again within the hour or the day: asking sooner is of no use, and counts. */
function exhausted(answer: Answer, message: string): ConnectorError | undefined {
  if (answer.header('retry-after') !== null || /concurrent/i.test(message)) return
  return new RetryableError(`the quota of the property is used up: ${message}`, {
    retryAfterMs: /per day|daily/i.test(message) ? 6 * HOUR_MS : HOUR_MS / 4,
  })
}
