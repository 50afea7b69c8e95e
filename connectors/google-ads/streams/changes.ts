import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import { made } from '../../../plugins/rows/index.ts'
import {
  addDays,
  byTime,
  dayIn,
  type PartSlice,
  startOfDay,
  type TimeSlice,
} from '../../../plugins/sync/index.ts'
import type { GoogleAds } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { isObject, type Json } from '../api/exact-json.ts'
import { codeOf } from '../api/failure.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { nextLocal, toLocal } from '../zone-time.ts'
import { byCustomer } from './by-customer.ts'
import { changesOf } from './change-records.ts'
import { named } from './named.ts'

/**
 * Rows of a query: it must have a LIMIT of 10,000 at most (ChangeEventError LIMIT_NOT_SPECIFIED,
 * INVALID_LIMIT_CLAUSE). Where there are more, the next query begins at the last time of the one before.
 */
const LIMIT = 10_000

/** Behind now that may be asked for; 30 are allowed (START_DATE_TOO_OLD), and days of the account are not of UTC. */
const OLDEST_DAYS = 29

/** A change shows up within three minutes; the local times that are asked by may jump back by an hour. */
const LOOK_BACK_MS = 2 * 3_600_000

const FIELDS = [
  'resource_name',
  'change_date_time',
  'change_resource_type',
  'change_resource_name',
  'resource_change_operation',
  'changed_fields',
  'old_resource',
  'new_resource',
  'client_type',
  'user_email',
]

/** @param from and `to`: local times, both included */
export const changeQuery = (from: string, to: string, limit = LIMIT): string =>
  `SELECT ${FIELDS.map(field => `change_event.${field}`).join(', ')} FROM change_event WHERE change_event.change_date_time >= '${from}' AND change_event.change_date_time <= '${to}' ORDER BY change_event.change_date_time LIMIT ${limit}`

export const changes = sliced({
  title: 'Changes to the account',
  kind: 'ad_change',
  schema: AdChangeRecord,
  primaryKey: ['account_id', 'change_id'],
  cursor: byCustomer('changed_at', () => byTime<Context>('changed_at', { lookBack: LOOK_BACK_MS })),
  async *read(context: SliceContext<Settings, GoogleAds, PartSlice<Customer, TimeSlice>>) {
    const { client, slice, from, now, notice } = context
    const { part: customer, slice: times } = slice
    const about = `account ${customer.id}`
    const oldest = startOfDay(addDays(dayIn(customer.zone, now()), -OLDEST_DAYS), customer.zone)
    if (from === null && times.from !== null && times.from < oldest)
      notice(`changes of ${about} before ${toLocal(oldest, customer.zone)} are missing: Google keeps 30 days`)
    // What happened within the second that it is, is later than the second.
    const end = toLocal(times.to + 1_000_000, customer.zone)
    const first = from === null ? toLocal(Math.max(oldest, times.from ?? 0), customer.zone) : String(from)
    for (let begin: string | null = first; begin !== null; ) {
      const found: Found = await pageOf(client, customer.id, begin, end)
      if (found.isCut)
        notice(`${about} has ${LIMIT} changes of ${begin} alone: Google gives no more of that moment`)
      const origin = named(`changes of ${about}`)
      const rows = made(found.rows, row => changesOf(row, customer), { origin, personal: ['userEmail'] })
      yield { records: rows.records.flat(), rejected: rows.rejected, next: found.next }
      begin = found.next
    }
  },
})

interface Found {
  readonly rows: readonly Json[]
  /** Local time that the next query begins at; null: these were the last. */
  readonly next: string | null
  /** There are more of one moment than a query gives. */
  readonly isCut: boolean
}

async function pageOf(client: GoogleAds, customer: string, begin: string, end: string): Promise<Found> {
  const rows = await within(client, customer, begin, end)
  const last = rows.length < LIMIT ? null : timeOf(rows.at(-1)!)
  if (last === null) return { rows, next: null, isCut: false }
  // The last moment of a full page goes on in the next one.
  if (last !== begin) return { rows: rows.filter(row => timeOf(row) !== last), next: last, isCut: false }
  return { rows, next: nextLocal(last), isCut: true }
}

/** A run may have stood still so long that its beginning is too old by now: it goes on as early as it may. */
async function within(
  client: GoogleAds,
  customer: string,
  begin: string,
  end: string,
): Promise<readonly Json[]> {
  for (let from = begin; from <= end; from = nextDay(from))
    try {
      return await client.stream(customer, changeQuery(from, end))
    } catch (error) {
      if (codeOf(error) !== 'changeEventError.START_DATE_TOO_OLD') throw error
    }
  return []
}

const nextDay = (local: string): string => `${addDays(local.slice(0, 10), 1)} 00:00:00`

function timeOf({ changeEvent }: Json): string | null {
  const time = isObject(changeEvent) ? changeEvent.changeDateTime : null
  return typeof time === 'string' ? time : null
}
