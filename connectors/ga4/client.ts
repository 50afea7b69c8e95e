import type { Setting } from '../../plugins/contract.ts'
import { BigQuery } from './bigquery/client.ts'
import { type DataApi, dataApi } from './data-api/client.ts'
import { readFrom, type Settings } from './settings.ts'

/** What is spoken to. Null: the export is read from files. */
export type Client = BigQuery | DataApi | null

export function clientOf(context: Setting<Settings>): Client {
  const read = readFrom(context.config)
  if (read.from === 'bigquery') return new BigQuery(context, read.settings)
  return read.from === 'data_api' ? dataApi(context, read.settings) : null
}
