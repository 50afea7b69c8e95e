import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import { made } from '../../../plugins/rows/index.ts'
import { type FromSchema, integer, map, nullable, number, object } from '../../../plugins/schema.ts'
import { type FullState, full, type PartSlice } from '../../../plugins/sync/index.ts'
import type { GoogleAds } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { isObject, type Json } from '../api/exact-json.ts'
import type { Context } from '../context.ts'
import { at, needed, share, text, whole } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { fromLocal } from '../zone-time.ts'
import { byCustomer } from './by-customer.ts'
import { named } from './named.ts'

/**
 * What became of the offline conversions that were uploaded, by the client that did it
 * (offline_conversion_upload_client_summary.proto). Google gives a word and shares; it has no score of matching, so
 * none is made up.
 */
export const UploadQualityRecord = object({
  ...MatchQualityRecord.properties,
  success_rate: nullable(number({ description: 'Share of the events that were taken, 0 to 1' })),
  pending_rate: nullable(number({ description: 'Share that is still looked at, 0 to 1' })),
  successful_events: nullable(integer()),
  pending_events: nullable(integer()),
  alerts: map(number(), { description: 'Share of the events with each error, 0 to 1' }),
})
type UploadQualityRecord = FromSchema<typeof UploadQualityRecord>

const NAME = 'offline_conversion_upload_client_summary'
const PATH = 'offlineConversionUploadClientSummary'
const FIELDS = [
  'client',
  'status',
  'total_event_count',
  'successful_event_count',
  'success_rate',
  'pending_event_count',
  'pending_rate',
  'last_upload_date_time',
  'alerts',
]
const QUERY = `SELECT ${FIELDS.map(field => `${NAME}.${field}`).join(', ')} FROM ${NAME}`

export const matchQuality = sliced({
  title: 'Uploaded conversions',
  kind: 'match_quality',
  schema: UploadQualityRecord,
  primaryKey: ['account_id', 'pixel_id'],
  cursor: byCustomer<null, FullState>(null, () => full<Context>()),
  async *read({
    client,
    slice: { part: customer },
    from,
    now,
  }: SliceContext<Settings, GoogleAds, PartSlice<Customer, null>>) {
    for await (const { rows, next } of client.search(customer.id, QUERY, from as string | null)) {
      const asOf = now()
      const origin = named(`uploads of account ${customer.id}`)
      yield { ...made(rows, row => qualityOf(row, customer, asOf), { origin }), next }
    }
  },
})

/** @throws RowError */
export function qualityOf(
  row: Json,
  { id, zone }: Pick<Customer, 'id' | 'zone'>,
  asOf: number,
): UploadQualityRecord {
  return {
    platform: 'google',
    account_id: id,
    pixel_id: needed(row, `${PATH}.client`),
    event_name: null,
    score: null,
    scale: null,
    grade: text(row, `${PATH}.status`),
    events: whole(row, `${PATH}.totalEventCount`),
    coverage: {},
    window_start: null,
    window_end: fromLocal(text(row, `${PATH}.lastUploadDateTime`), zone),
    as_of: asOf,
    success_rate: share(row, `${PATH}.successRate`),
    pending_rate: share(row, `${PATH}.pendingRate`),
    successful_events: whole(row, `${PATH}.successfulEventCount`),
    pending_events: whole(row, `${PATH}.pendingEventCount`),
    alerts: alertsOf(at(row, `${PATH}.alerts`)),
  }
}

/** `[{error: {conversionUploadError: 'EXPIRED_EVENT'}, errorPercentage: 0.1}]`. */
function alertsOf(alerts: unknown): Record<string, number> {
  const shares: Record<string, number> = {}
  for (const alert of Array.isArray(alerts) ? alerts : []) {
    if (!isObject(alert) || !isObject(alert.error)) continue
    const [code] = Object.values(alert.error)
    const part = share(alert, 'errorPercentage')
    if (typeof code === 'string' && part !== null) shares[code] = part
  }
  return shares
}
