import type { Setting } from '../../../plugins/contract.ts'
import { errors, http, oauth2, patience } from '../../../plugins/http/index.ts'
import type { DataApiSettings } from '../settings.ts'
import { type Report, reportOf } from './answer.ts'
import { judgeBy } from './judge.ts'
import { PAGE_ROWS, reportQuery } from './query.ts'
import { quotaOf } from './quota.ts'

/** Speaks to the Google Analytics Data API (v1beta) about one property. */
export interface DataApi {
  readonly propertyId: string
  /** Rows of a report of days in the property's zone, from a row on. */
  report(from: string, to: string, offset: number, limit?: number): Promise<Report>
  /** The property's zone. Asked once. */
  zone(): Promise<string>
}

/** Ten server errors an hour lock a property (platforms.md §5.1). */
const TRIES = 3

export function dataApi(context: Omit<Setting<unknown>, 'config'>, settings: DataApiSettings): DataApi {
  const { client_id, client_secret, refresh_token, token_url, report_property_id } = settings
  const client = http(
    context,
    settings.data_api_url,
    quotaOf(settings),
    oauth2({
      tokenUrl: token_url,
      clientId: client_id,
      clientSecret: client_secret,
      refreshToken: refresh_token,
    }),
    errors(judgeBy(settings)),
    patience({ tries: TRIES }),
  )
  let zone: Promise<string> | null = null
  const report: DataApi['report'] = async (from, to, offset, limit = PAGE_ROWS) => {
    const path = `properties/${report_property_id}:runReport`
    // Reading changes nothing: it may be asked again.
    const body = await client.post(path, reportQuery(from, to, offset, limit), { idempotent: true })
    return reportOf(body, offset)
  }
  return {
    propertyId: report_property_id,
    report,
    zone() {
      zone ??= report('today', 'today', 0, 1).then(answer => answer.zone)
      return zone
    },
  }
}
