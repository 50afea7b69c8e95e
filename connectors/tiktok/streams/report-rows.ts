import type { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import type { Advertiser } from '../api/advertisers.ts'
import { isObject, type Json } from '../api/envelope.ts'
import { BadRow, dayOf, idOf, millionths, text, whole } from '../fields.ts'

/** Rows of reports, `{dimensions: {…}, metrics: {…}}`, as records. Pure. @throws BadRow */
export interface Said {
  readonly advertiser: Advertiser
  /** The platform may still restate a day from this one on. */
  readonly restatedFrom: string
  /** UTC microseconds. */
  readonly asOf: number
}

export function adReport(row: Json, { advertiser, restatedFrom, asOf }: Said): AdReportRecord {
  const { dimensions, metrics } = halves(row)
  const date = dayOf(dimensions, 'stat_time_day')
  return {
    platform: 'tiktok',
    date,
    account_id: advertiser.id,
    campaign_id: idOf(metrics, 'campaign_id'),
    adset_id: idOf(metrics, 'adgroup_id'),
    ad_id: idOf(dimensions, 'ad_id'),
    ...figures(metrics),
    reach: whole(metrics, 'reach'),
    currency: advertiser.currency,
    settled: date < restatedFrom,
    as_of: asOf,
  }
}

export function adDemographic(row: Json, { advertiser, restatedFrom, asOf }: Said): AdDemographicRecord {
  const { dimensions, metrics } = halves(row)
  const date = dayOf(dimensions, 'stat_time_day')
  return {
    platform: 'tiktok',
    date,
    account_id: advertiser.id,
    campaign_id: idOf(dimensions, 'campaign_id'),
    age: ageOf(group(dimensions, 'age')),
    gender: genderOf(group(dimensions, 'gender')),
    country: countryOf(group(dimensions, 'country_code')),
    ...figures(metrics),
    currency: advertiser.currency,
    settled: date < restatedFrom,
    as_of: asOf,
  }
}

/** Amounts come as decimal text in the major unit: `"20.000"`. What is not there or `-` is unknown. */
export const figures = (metrics: Json) => ({
  impressions: whole(metrics, 'impressions'),
  clicks: whole(metrics, 'clicks'),
  spend_micros: millionths(metrics, 'spend'),
  revenue_micros: millionths(metrics, 'total_purchase_value'),
  conversions_micros: millionths(metrics, 'conversion'),
})

/** `AGE_25_34` is 25-34, `AGE_55_100` is 55+; whose age is not known has `NONE`. */
export function ageOf(value: string | null): string {
  const [, from, to] = /^AGE_(\d+)_(\d+)$/.exec(value ?? '') ?? []
  if (from === undefined) return value === null || value === 'NONE' ? 'unknown' : value
  return to === '100' ? `${from}+` : `${from}-${to}`
}

export function genderOf(value: string | null): AdDemographicRecord['gender'] {
  return value === 'FEMALE' ? 'female' : value === 'MALE' ? 'male' : 'unknown'
}

const countryOf = (value: string | null): string | null =>
  value !== null && /^[A-Z]{2}$/.test(value) ? value : null

/** A group is part of what tells rows apart: it has to be there, if only as `NONE`. */
function group(dimensions: Json, field: string): string | null {
  if (dimensions[field] === undefined) throw new BadRow(`${field} is missing`)
  return text(dimensions, field)
}

function halves({ dimensions, metrics }: Json): { readonly dimensions: Json; readonly metrics: Json } {
  if (!isObject(dimensions)) throw new BadRow('dimensions are missing')
  if (!isObject(metrics)) throw new BadRow('metrics are missing')
  return { dimensions, metrics }
}
