import { type Cursor, type EachState, each, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Advertiser } from '../api/advertisers.ts'
import type { TikTokContext } from '../settings.ts'

/** A stream that is read advertiser by advertiser, each with a cursor of its own: their days are in different zones. */
export const byAdvertiser = <Slice, State>(
  field: string | null,
  cursor: (advertiser: Advertiser) => Cursor<Slice, State, TikTokContext>,
): Cursor<PartSlice<Advertiser, Slice>, EachState<State>, TikTokContext> =>
  each(field, {
    parts: ({ client }: TikTokContext) => client.advertisers(),
    key: advertiser => advertiser.id,
    cursor,
  })
