import { ConnectorError } from '../../plugins/errors.ts'
import type { HttpClient } from '../../plugins/http/index.ts'
import { type Row, text } from '../../plugins/rows/index.ts'
import type { Settings } from './settings.ts'

/**
 * The currency of deals that have none; null where neither the settings nor the account say it.
 * An app may lack the right to read its account: deals with a currency of their own need it not.
 */
export async function currencyOf(client: HttpClient, config: Settings): Promise<string | null> {
  if (config.currency !== undefined) return config.currency
  try {
    return text(await client.get<Row>('account-info/v3/details'), 'companyCurrency')?.toUpperCase() ?? null
  } catch (error) {
    const { lack } = error as { lack?: string }
    if (error instanceof ConnectorError && lack === 'permission') return null
    throw error
  }
}
