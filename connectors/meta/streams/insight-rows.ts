import { isCurrency } from '../../../plugins/money/index.ts'
import type { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import type { DaySlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import { BadRow, count, id, type Json, millionths, needed, text } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { creditedTo } from './purchases.ts'

/** What a row of a report is read with. */
export interface RowContext {
  readonly account: Account
  readonly days: DaySlice
  readonly settings: Settings
  readonly asOf: number
}

/** A row at the level of ads as a record. Pure. @throws BadRow */
export const reportRecord = (row: Json, of: RowContext): AdReportRecord => ({
  ...common(row, of),
  adset_id: needed(id(row, 'adset_id'), 'adset_id'),
  ad_id: needed(id(row, 'ad_id'), 'ad_id'),
  reach: count(row, 'reach'),
})

/** A row at the level of campaigns, broken down by `breakdowns`. Pure. @throws BadRow */
export function demographicRecord(row: Json, breakdowns: string, of: RowContext): AdDemographicRecord {
  const isByPeople = breakdowns === 'age,gender'
  const country = isByPeople ? null : text(row, 'country')
  return {
    ...common(row, of),
    age: isByPeople ? needed(text(row, 'age'), 'age') : null,
    gender: isByPeople ? genderOf(needed(text(row, 'gender'), 'gender')) : null,
    country: country !== null && /^[A-Z]{2}$/.test(country) ? country : null,
  }
}

function genderOf(value: string): 'female' | 'male' | 'unknown' {
  return value === 'female' || value === 'male' ? value : 'unknown'
}

function common(row: Json, { account, days, settings, asOf }: RowContext) {
  const date = needed(text(row, 'date_start'), 'date_start')
  if (!/^\d{4}-\d\d-\d\d$/.test(date))
    throw new BadRow(`date_start: ${JSON.stringify(date.slice(0, 20))} is no day`)
  const until = text(row, 'date_stop')
  if (until !== null && until !== date)
    throw new BadRow(`date_stop: the row is of ${date} to ${until}, not of one day`)
  const currency = text(row, 'account_currency') ?? account.currency
  if (!isCurrency(currency))
    throw new BadRow(`account_currency: ${JSON.stringify(currency)} is none of ISO 4217`)
  return {
    platform: 'meta' as const,
    date,
    account_id: id(row, 'account_id') ?? account.id,
    campaign_id: needed(id(row, 'campaign_id'), 'campaign_id'),
    impressions: count(row, 'impressions'),
    clicks: count(row, 'clicks'),
    spend_micros: millionths(row, 'spend'),
    revenue_micros: creditedTo(row, 'action_values', settings),
    currency,
    conversions_micros: creditedTo(row, 'actions', settings),
    settled: date < days.restatedFrom,
    as_of: asOf,
  }
}
