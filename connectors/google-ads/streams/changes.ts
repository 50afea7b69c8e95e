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
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { toLocal } from '../zone-time.ts'
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
    const oldest = startOfDay(addDays(dayIn(customer.zone, now()), -OLDEST_DAYS), customer.zone)
    let begin = from === null ? toLocal(Math.max(oldest, times.from ?? 0), customer.zone) : String(from)
    // What happened within the second that it is, is later than the second.
    const end = toLocal(times.to + 1_000_000, customer.zone)
    const origin = named(`changes of account ${customer.id}`)
    for (let isLast = false; !isLast; ) {
      const rows = await client.stream(customer.id, changeQuery(begin, end))
      const cut = rows.length < LIMIT ? null : timeOf(rows.at(-1)!)
      isLast = cut === null
      if (cut !== null && cut === begin) {
        notice(
          `account ${customer.id} has ${LIMIT} changes of ${cut} alone: Google gives no more of that moment`,
        )
        isLast = true
      }
      // The last time of a full page goes on in the next one.
      const whole = isLast ? rows : rows.filter(row => timeOf(row) !== cut)
      const { records, rejected } = made(whole, row => changesOf(row, customer), {
        origin,
        personal: ['userEmail'],
      })
      yield { records: records.flat(), rejected, next: isLast ? null : cut }
      if (cut !== null) begin = cut
    }
  },
})

function timeOf({ changeEvent }: Json): string | null {
  const time = isObject(changeEvent) ? changeEvent.changeDateTime : null
  return typeof time === 'string' ? time : null
}
