import type { Connected, SliceContext } from '../../plugins/contract.ts'
import type { HttpClient, Position } from '../../plugins/http/index.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import type { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { made } from '../../plugins/rows/index.ts'
import type { PageOfRecords } from '../../plugins/sync/drive.ts'
import { byTime, type TimeSlice } from '../../plugins/sync/index.ts'
import { currencyOf } from './account.ts'
import { associated, byIds } from './batch.ts'
import { changed } from './changed.ts'
import { contactOf, contacts, PERSONAL } from './contact.ts'
import { dealOf, deals } from './deal.ts'
import { dealStages, stagesOf } from './deal-stage.ts'
import type { CrmObject } from './objects.ts'
import { OWNER_PERSONAL, type OwnerRecord, ownerOf, owners } from './owner.ts'
import type { Settings } from './settings.ts'

export type Hubspot = Connected<Settings, HttpClient>
type Slice = SliceContext<Settings, HttpClient, TimeSlice>
type Pages<R> = AsyncGenerator<PageOfRecords<R>>

/** The search index lags by seconds; ten minutes are read again, for clocks that differ and for a bad day. */
export const changes = (field: string) => byTime<Hubspot>(field, { lookBack: 600_000, lag: 15_000 })

export async function* readContacts({ client, config, slice, from }: Slice): Pages<ContactRecord> {
  const { click_ids = {} } = config
  const options = { origin: originOf('contact'), personal: PERSONAL }
  for await (const { objects, next } of changed(client, contacts(click_ids), slice, from))
    yield { ...made(objects, one => contactOf(one, click_ids), options), next }
}

export async function* readDeals({ client, config, slice, from }: Slice): Pages<DealRecord> {
  const currency = await currencyOf(client, config)
  for await (const { objects, isSearched, next } of changed(client, deals, slice, from)) {
    const open = isSearched ? objects : objects.filter(one => one.associations?.contacts?.paging?.next)
    const asked = await associated(
      client,
      'deals',
      'contacts',
      open.map(one => one.id),
    )
    const contactsOf = (one: CrmObject) =>
      asked.get(one.id) ?? one.associations?.contacts?.results.map(({ id }) => String(id)) ?? []
    yield {
      ...made(objects, one => dealOf(one, contactsOf(one), currency), { origin: originOf('deal') }),
      next,
    }
  }
}

export async function* readDealStages({ client, slice, from }: Slice): Pages<DealStageRecord> {
  for await (const { objects, archived, isSearched, next } of changed(client, dealStages, slice, from)) {
    // What a deal went through before it was archived was read while it was there.
    const whole = archived
      ? []
      : isSearched
        ? await byIds(
            client,
            dealStages,
            objects.map(one => one.id),
          )
        : objects
    const { records, rejected } = made(whole, stagesOf, { origin: originOf('deal') })
    yield { records: records.flat(), rejected, next }
  }
}

export async function* readOwners(client: HttpClient, from: Position | null): Pages<OwnerRecord> {
  const options = { origin: (row: { id?: unknown }) => `owner ${row.id}`, personal: OWNER_PERSONAL }
  for await (const { rows, next } of owners(client, from)) yield { ...made(rows, ownerOf, options), next }
}

const originOf = (what: string) => (object: CrmObject) => `${what} ${object.id}`

/** @throws the client's error: credentials, a right, an outage */
export async function check({ client }: Hubspot): Promise<void> {
  for (const path of ['crm/v3/objects/contacts', 'crm/v3/objects/deals', 'crm/v3/owners'])
    await client.get(path, { limit: 1 })
}
