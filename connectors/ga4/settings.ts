import { configError } from '../../plugins/errors.ts'
import { type FromSchema, object, optional, string } from '../../plugins/schema.ts'

export const Settings = object({
  path: optional(
    string({
      title: 'File or folder',
      description:
        'One export file, or a folder with a file a table: events_YYYYMMDD or events_intraday_YYYYMMDD with ' +
        '.parquet, .json or .ndjson (the latter two optionally with .gz). Instead of BigQuery',
      minLength: 1,
    }),
  ),
  project_id: optional(
    string({ title: 'Google Cloud project', description: 'That the export goes to', minLength: 1 }),
  ),
  property_id: optional(
    string({
      title: 'Property',
      description: 'The number of the GA4 property; its dataset is analytics_<property>',
      pattern: '^[0-9]+$',
    }),
  ),
  client_id: optional(string({ title: 'Client ID', description: 'Of the OAuth app', minLength: 1 })),
  client_secret: optional(string({ title: 'Client secret', secret: true, minLength: 1 })),
  refresh_token: optional(
    string({
      title: 'Refresh token',
      description: 'From the authorisation with scope https://www.googleapis.com/auth/bigquery.readonly',
      secret: true,
      minLength: 1,
    }),
  ),
  bigquery_url: string({
    title: 'Address of BigQuery',
    description: 'With its version',
    default: 'https://bigquery.googleapis.com/bigquery/v2',
  }),
  token_url: string({
    title: 'Address that gives tokens',
    default: 'https://oauth2.googleapis.com/token',
  }),
})
export type Settings = FromSchema<typeof Settings>

const OF_BIGQUERY = ['project_id', 'property_id', 'client_id', 'client_secret', 'refresh_token'] as const

/** What reading from BigQuery needs. */
export type BigQuerySettings = Required<Pick<Settings, (typeof OF_BIGQUERY)[number]>> &
  Pick<Settings, 'bigquery_url' | 'token_url'>

/** Null: the export is read from files. @throws config: neither is given, both are, or one of BigQuery's is missing */
export function bigQuerySettings(settings: Settings): BigQuerySettings | null {
  const given = OF_BIGQUERY.filter(name => settings[name] !== undefined)
  if (settings.path !== undefined) {
    if (given.length === 0) return null
    throw configError(`is given together with ${given.join(', ')}: files or BigQuery, not both`, '/path')
  }
  const missing = OF_BIGQUERY.filter(name => settings[name] === undefined)
  if (given.length === 0)
    throw configError(
      `nothing to read from is given: path (export files), or ${OF_BIGQUERY.join(', ')} (BigQuery)`,
      '/path',
    )
  if (missing.length > 0)
    throw configError(`is missing: BigQuery needs ${missing.join(', ')} too`, `/${missing[0]}`)
  for (const name of ['bigquery_url', 'token_url'] as const) {
    const address = settings[name]
    if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
      throw configError(`'${address}' is no http(s) address`, `/${name}`)
  }
  return settings as BigQuerySettings
}
