import { createHash } from 'node:crypto'
import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import { byTime, type PartSlice, type TimeSlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Meta } from '../api/client.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { activityRecord } from './activity.ts'
import { byAccount } from './by-account.ts'
import { rowsOf } from './rows.ts'

const DAY_S = 86_400
/** Days of a request: Meta gives up on longer ones. */
const CHUNK_DAYS = 30
const ROWS = 500

/** Where a run is: the second its stretch begins at, and the cursor within. */
type Place = { readonly since: number; readonly after?: string }

type ChangesContext = SliceContext<Settings, Meta, PartSlice<Account, TimeSlice>>

const FIELDS =
  'event_time,event_type,object_id,object_type,actor_id,application_name,application_id,extra_data'

export const changes = sliced({
  title: 'Changes made by anybody',
  kind: 'ad_change',
  schema: AdChangeRecord,
  primaryKey: ['account_id', 'change_id'],
  cursor: byAccount('changed_at', () => byTime<Context>('changed_at', { lookBack: DAY_S * 1000 })),
  async *read({ client, config, slice, from }: ChangesContext) {
    const { part: account, slice: time } = slice
    const end = Math.floor(time.to / 1_000_000)
    const begin = time.from === null ? end - config.history_days * DAY_S : Math.floor(time.from / 1_000_000)
    const place = (from as Place | null) ?? { since: begin }
    const origin = `activities of ad account ${account.id}`
    for (let since = place.since; since <= end; since += CHUNK_DAYS * DAY_S) {
      const until = Math.min(end, since + CHUNK_DAYS * DAY_S - 1)
      const seen = new Set<string>()
      const query = { fields: FIELDS, since, until }
      const at = { from: since === place.since ? (place.after ?? null) : null, rows: ROWS }
      for await (const page of client.pages(account.id, `act_${account.id}/activities`, query, at)) {
        const rows = rowsOf(page.body, origin, row => {
          const { key, record } = activityRecord(row, account.id)
          const change_id = createHash('sha256').update(key).digest('hex').slice(0, 32)
          // Told twice in all it says, it is the same change.
          if (seen.has(change_id)) return null
          seen.add(change_id)
          return { ...record, change_id }
        })
        const behind = until < end ? { since: until + 1 } : null
        yield { ...rows, next: page.next === null ? behind : { since, after: String(page.next) } }
      }
    }
  },
})
