import { configError } from '../../plugins/errors.ts'
import { type FromSchema, integer, object, optional, string } from '../../plugins/schema.ts'

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
  report_property_id: optional(
    string({
      title: 'Property whose reports are read',
      description: 'The number of a GA4 property: its daily reports by the Data API, instead of an export',
      pattern: '^[0-9]+$',
    }),
  ),
  client_id: optional(string({ title: 'Client ID', description: 'Of the OAuth app', minLength: 1 })),
  client_secret: optional(string({ title: 'Client secret', secret: true, minLength: 1 })),
  refresh_token: optional(
    string({
      title: 'Refresh token',
      description:
        'From the authorisation with scope https://www.googleapis.com/auth/bigquery.readonly, for reports ' +
        'https://www.googleapis.com/auth/analytics.readonly',
      secret: true,
      minLength: 1,
    }),
  ),
  history_days: integer({
    title: 'History',
    description: 'Days of reports that the first sync reads, today included; of an export it reads all',
    minimum: 1,
    maximum: 1200,
    default: 90,
  }),
  property_tier: string({
    title: 'Tier of the property',
    description: 'Says how much may be asked of the Data API',
    enum: ['standard', '360'],
    default: 'standard',
  }),
  bigquery_url: string({
    title: 'Address of BigQuery',
    description: 'With its version',
    default: 'https://bigquery.googleapis.com/bigquery/v2',
  }),
  data_api_url: string({
    title: 'Address of the Data API',
    description: 'With its version',
    default: 'https://analyticsdata.googleapis.com/v1beta',
  }),
  token_url: string({
    title: 'Address that gives tokens',
    default: 'https://oauth2.googleapis.com/token',
  }),
})
export type Settings = FromSchema<typeof Settings>

const OF_OAUTH = ['client_id', 'client_secret', 'refresh_token'] as const
const OF_EXPORT = ['project_id', 'property_id'] as const

type OAuthSettings = Required<Pick<Settings, (typeof OF_OAUTH)[number]>> & Pick<Settings, 'token_url'>

/** What reading from BigQuery needs. */
export type BigQuerySettings = OAuthSettings &
  Required<Pick<Settings, (typeof OF_EXPORT)[number]>> &
  Pick<Settings, 'bigquery_url'>

/** What reading reports needs. */
export type DataApiSettings = OAuthSettings &
  Required<Pick<Settings, 'report_property_id'>> &
  Pick<Settings, 'data_api_url' | 'property_tier'>

/** What is read from. */
export type ReadFrom =
  | { readonly from: 'files'; readonly path: string }
  | { readonly from: 'bigquery'; readonly settings: BigQuerySettings }
  | { readonly from: 'data_api'; readonly settings: DataApiSettings }

const NOT_TWO = 'files, BigQuery or the Data API, not two of them'

/** @throws config: none of the three is given, two are, or a setting of one is missing */
export function readFrom(settings: Settings): ReadFrom {
  const { path, report_property_id } = settings
  const given = (names: readonly (keyof Settings)[]) => names.filter(name => settings[name] !== undefined)
  const others = given(['report_property_id', ...OF_EXPORT, ...OF_OAUTH])
  if (path !== undefined) {
    if (others.length === 0) return { from: 'files', path }
    throw configError(`is given together with ${others.join(', ')}: ${NOT_TWO}`, '/path')
  }
  if (others.length === 0)
    throw configError(
      `nothing to read from is given: path (export files), or ${[...OF_EXPORT, ...OF_OAUTH].join(', ')} ` +
        `(BigQuery), or ${['report_property_id', ...OF_OAUTH].join(', ')} (reports of the Data API)`,
      '/path',
    )
  if (report_property_id === undefined) {
    complete(settings, 'BigQuery', [...OF_EXPORT, ...OF_OAUTH], ['bigquery_url', 'token_url'])
    return { from: 'bigquery', settings: settings as BigQuerySettings }
  }
  const ofExport = given(OF_EXPORT)
  if (ofExport.length > 0)
    throw configError(`is given together with ${ofExport.join(', ')}: ${NOT_TWO}`, '/report_property_id')
  complete(settings, 'the Data API', OF_OAUTH, ['data_api_url', 'token_url'])
  return { from: 'data_api', settings: settings as DataApiSettings }
}

/** @throws config: a setting is missing, or an address is none */
function complete(
  settings: Settings,
  what: string,
  needed: readonly (keyof Settings)[],
  addresses: readonly ('bigquery_url' | 'data_api_url' | 'token_url')[],
): void {
  const missing = needed.filter(name => settings[name] === undefined)
  if (missing.length > 0)
    throw configError(`is missing: ${what} needs ${missing.join(', ')} too`, `/${missing[0]}`)
  for (const name of addresses) {
    const address = settings[name]
    if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
      throw configError(`'${address}' is no http(s) address`, `/${name}`)
  }
}
