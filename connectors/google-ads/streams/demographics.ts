import { type RejectedRow, type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import { made, RowError } from '../../../plugins/rows/index.ts'
import type { DaySlice, PartSlice } from '../../../plugins/sync/index.ts'
import type { GoogleAds } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import type { Json } from '../api/exact-json.ts'
import { id, needed } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { dateOf } from './date.ts'
import { type Figures, figuresOf, METRICS } from './figures.ts'
import { type Group, grouped, groupFrom, groupText, type Member } from './groups.ts'
import { named } from './named.ts'
import { type Place, queriesOf } from './queries.ts'
import { byReportDay } from './reports.ts'

/** The query, where a row says what it is broken down to, and how the record says it. */
interface Breakdown {
  readonly field: string
  readonly path: string
  /** What else tells rows of a campaign and day apart: within it they are in the order of `unit`. */
  readonly also: string
  readonly unit: string | null
  readonly kind: string | null
  readonly resource: string
  readonly as: (
    of: string,
    countries: ReadonlyMap<string, string>,
  ) => Pick<AdDemographicRecord, 'age' | 'gender' | 'country'>
}

const GENDERS: Readonly<Record<string, AdDemographicRecord['gender']>> = { MALE: 'male', FEMALE: 'female' }
const NONE = { age: null, gender: null, country: null }

const BREAKDOWNS: readonly Breakdown[] = [
  {
    field: 'ad_group_criterion.age_range.type',
    path: 'adGroupCriterion.ageRange.type',
    also: 'ad_group.id',
    unit: 'adGroup.id',
    kind: null,
    resource: 'age_range_view',
    as: of => ({ ...NONE, age: ageOf(of) }),
  },
  {
    field: 'ad_group_criterion.gender.type',
    path: 'adGroupCriterion.gender.type',
    also: 'ad_group.id',
    unit: 'adGroup.id',
    kind: null,
    resource: 'gender_view',
    as: of => ({ ...NONE, gender: GENDERS[of] ?? 'unknown' }),
  },
  {
    field: 'geographic_view.country_criterion_id',
    path: 'geographicView.countryCriterionId',
    also: 'geographic_view.location_type',
    unit: null,
    kind: 'geographicView.locationType',
    resource: 'geographic_view',
    as: (of, countries) => ({ ...NONE, country: countryOf(of, countries) }),
  },
]

/** `AGE_RANGE_25_34` → `25-34`, `AGE_RANGE_65_UP` → `65+`. */
export function ageOf(type: string): string {
  const [, low, high] = /^AGE_RANGE_(\d+)_(\d+|UP)$/.exec(type) ?? []
  return low === undefined ? 'unknown' : high === 'UP' ? `${low}+` : `${low}-${high}`
}

/** @throws RowError: Google names no such country */
function countryOf(target: string, countries: ReadonlyMap<string, string>): string {
  const country = countries.get(target)
  if (country === undefined)
    throw new RowError(`geographicView.countryCriterionId: ${target} is no country that is known`)
  return country
}

export const demographicQueries = ({ from, to }: DaySlice): string[] =>
  BREAKDOWNS.map(
    ({ field, also, unit, resource }) =>
      `SELECT segments.date, campaign.id, ${also}, ${field}, ${METRICS} FROM ${resource} WHERE segments.date BETWEEN '${from}' AND '${to}' ORDER BY campaign.id, segments.date${unit === null ? '' : `, ${also}`}`,
  )

/** Beside the page, the group that the page before ended in. */
type OpenPlace = Place & { readonly open: string }

type Context = SliceContext<Settings, GoogleAds, PartSlice<Customer, DaySlice>>

export const adDemographics = sliced({
  title: 'Ages, genders and countries by campaign and day',
  kind: 'ad_demographic',
  schema: AdDemographicRecord,
  primaryKey: ['account_id', 'campaign_id', 'date', 'age', 'gender', 'country'],
  cursor: byReportDay(),
  async *read(context: Context) {
    const { client, slice } = context
    const { part: customer, slice: days } = slice
    const from = context.from as OpenPlace | null
    const countries = await client.countries(customer.id)
    let open = groupFrom(from?.open ?? '')
    for await (const { query, rows, isLast, next } of queriesOf(
      client,
      customer.id,
      demographicQueries(days),
      from,
    )) {
      const breakdown = BREAKDOWNS[query]!
      const { members, rejected } = membersOf(context, breakdown, rows)
      const groups = grouped(open, members)
      open = isLast ? null : groups.open
      const whole = isLast && groups.open !== null ? [...groups.whole, groups.open] : groups.whole
      const found = recordsOf(context, breakdown, whole, countries)
      yield {
        records: found.records,
        rejected: [...rejected, ...found.rejected],
        next: next === null ? null : { ...next, open: groupText(open) },
      }
    }
  },
})

/** Rows as members; one whose figures cannot be read is rejected, and spoils the sum that it belongs to. */
function membersOf({ slice }: Context, { path, unit, kind, resource }: Breakdown, rows: readonly Json[]) {
  const { part: customer, slice: days } = slice
  const members: Member[] = []
  const read = (row: Json): void => {
    const key = { campaign: id(row, 'campaign.id'), date: dateOf(row, days), of: needed(row, path) }
    const place = {
      unit: unit === null ? '' : id(row, unit),
      key: `${key.of}~${kind === null ? '' : needed(row, kind)}`,
    }
    let figures: Figures | null = null
    try {
      figures = figuresOf(row)
    } finally {
      members.push({ ...key, ...place, figures })
    }
  }
  const origin = named(`${resource} of account ${customer.id}, ${days.from} to ${days.to}`)
  const { rejected } = made(rows, read, { origin })
  return { members, rejected }
}

function recordsOf(
  { slice, now }: Context,
  { as, resource }: Breakdown,
  groups: readonly Group[],
  countries: ReadonlyMap<string, string>,
): { records: AdDemographicRecord[]; rejected: RejectedRow[] } {
  const { part: customer, slice: days } = slice
  const parts = groups.flatMap(({ campaign, date, sums }) =>
    Object.entries(sums).map(([of, figures]) => ({ campaign, date, of, figures })),
  )
  return made(
    parts,
    ({ campaign, date, of, figures }): AdDemographicRecord => {
      if (figures === null)
        throw new RowError(`a row of ${of} could not be read, so the campaign's sum is not known`)
      return {
        platform: 'google',
        date,
        account_id: customer.id,
        campaign_id: campaign,
        ...as(of, countries),
        ...figures,
        currency: customer.currency,
        settled: date < days.restatedFrom,
        as_of: now(),
      }
    },
    {
      origin: ({ campaign, date }) =>
        `${resource} of account ${customer.id}, campaign ${campaign} on ${date}`,
    },
  )
}
