import { ConnectorError } from '../../plugins/errors.ts'
import { type Row, text } from '../../plugins/rows/index.ts'
import { API } from './client.ts'
import type { CodedError } from './errors.ts'
import type { Salesforce } from './job.ts'

/** The currency of an organisation that has one; null where nobody says it. */
export async function currencyOf({ client, config }: Salesforce): Promise<string | null> {
  if (config.currency !== undefined) return config.currency
  try {
    const { features = {} } = await client.get<{ features?: Row }>(`${API}/connect/organization`)
    return text(features, 'defaultCurrencyIsoCode')
  } catch (error) {
    const { lack, code } = error as CodedError
    // Where this part of the API is not there, a setting can say it.
    if (error instanceof ConnectorError && (lack === 'permission' || code === 'NOT_FOUND')) return null
    throw error
  }
}
