/** The connector of a new folder: plain JavaScript, because Node 20 runs no TypeScript. */
export const PLUGIN = `import { connector, integer, messageOf, object, sliced, string } from 'stratum/plugins'
import { bearer, byCursor, http } from 'stratum/plugins/http'
import { toMicros } from 'stratum/plugins/money'
import { AdReportRecord } from 'stratum/plugins/records/ad-report'
import { byDay } from 'stratum/plugins/sync'

export default connector({
  id: '__NAME__', // names its topic and its rows: stable for ever
  title: '__TITLE__',
  version: '0.1.0',
  config: object({
    base_url: string({ title: 'Address of the API', default: 'https://api.__NAME__.example/v1' }),
    account: string({ title: 'Account', minLength: 1 }),
    token: string({ title: 'Access token', secret: true, minLength: 1 }),
    days: integer({ title: 'Days of history to begin with', default: 30, minimum: 1, maximum: 730 }),
  }),
  // Retries, Retry-After, time-outs and telling errors apart are the client's.
  client: context => http(context, context.config.base_url, bearer(context.config.token)),
  check: ({ client, config }) => client.get('accounts/' + config.account),
  streams: {
    ad_reports: sliced({
      title: 'Ads by day',
      kind: 'ad_report', // what the records are (stratum/plugins/records); null: kept as they are
      schema: AdReportRecord,
      primaryKey: ['platform', 'account_id', 'campaign_id', 'date'],
      // Days that the platform still changes are read again by every run; a run goes on where it was cut off.
      cursor: byDay('date', {
        restated: 3,
        slice: 7,
        history: ({ config }) => config.days,
        zone: async ({ client, config }) => (await client.get('accounts/' + config.account)).zone,
      }),
      async *read({ client, config, slice, from, now }) {
        const ask = { path: 'report', query: { account: config.account, from: slice.from, to: slice.to } }
        for await (const { body, next } of client.pages(ask, byCursor({ param: 'after', next: b => b.next }), from)) {
          const records = []
          const rejected = []
          for (const row of body.data)
            try {
              records.push(recordOf(row, config.account, row.day < slice.restatedFrom, now()))
            } catch (error) {
              const origin = 'campaign ' + row.campaign + ' on ' + row.day
              rejected.push({ reason: messageOf(error), origin, bytes: Buffer.from(JSON.stringify(row)) })
            }
          yield { records, rejected, next }
        }
      },
    }),
  },
  // What stands in for the platform: stratum conformance, read --trial, ingest --trial.
  trial: () => import('./simulator.mjs'),
})

/** A row of the platform as a record: money in integer micros, unknown is null. Throws for a row that is no record. */
function recordOf(row, account, settled, asOf) {
  return {
    platform: row.network,
    date: row.day,
    account_id: account,
    campaign_id: row.campaign,
    adset_id: null,
    ad_id: null,
    impressions: whole(row.impressions, 'impressions'),
    clicks: whole(row.clicks, 'clicks'),
    spend_micros: row.cost == null ? null : toMicros(String(row.cost), { currency: 'EUR' }),
    revenue_micros: null,
    currency: 'EUR',
    conversions_micros: null,
    reach: null,
    settled,
    as_of: asOf,
  }
}

function whole(value, name) {
  if (value == null) return null
  if (Number.isSafeInteger(value)) return value
  throw new Error(name + ' is ' + JSON.stringify(value) + ' and no whole number')
}
`
