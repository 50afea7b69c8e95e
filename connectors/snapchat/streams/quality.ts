import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { messageOf, PayloadError } from '../../../plugins/errors.ts'
import { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import { object, string } from '../../../plugins/schema.ts'
import { each, full, type PartSlice } from '../../../plugins/sync/index.ts'
import { notThere, type Snapchat } from '../api/client.ts'
import { type Envelope, isNotFound, isObject, type Json } from '../api/envelope.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'

/**
 * Snapchat's quality of matching. What the answer looks like is published nowhere that could be read (platforms.md
 * §8.1, §12): three scores, of which neither names nor scale are known. So the whole answer is kept as it is, and of
 * its parts only what names itself: the event, and a number called `score`.
 */
const QualityRecord = object({
  ...MatchQualityRecord.properties,
  platform_answer: string({ description: 'The entry as the platform gave it, JSON' }),
})

export const matchQuality = sliced({
  title: 'Match quality of pixels',
  kind: 'match_quality',
  schema: QualityRecord,
  primaryKey: ['pixel_id', 'event_name'],
  cursor: each(null, {
    parts: ({ config }: Context) => config.pixel_ids ?? [],
    key: (pixel: string) => pixel,
    cursor: () => full<Context>(),
  }),
  async *read({ client, slice, now, notice }: SliceContext<Settings, Snapchat, PartSlice<string, null>>) {
    const pixel = slice.part
    const { ad_account_id: account } = await pixelOf(client, pixel)
    if (typeof account !== 'string')
      throw new PayloadError(`pixel ${pixel} says no ad_account_id`, { origin: `pixels/${pixel}` })
    const body = await scoresOf(client, pixel, notice)
    yield { records: body === null ? [] : qualityOf(body, pixel, account, now()), next: null }
  },
})

/** Snapchat gives them to whom it likes: who may not have them goes without. */
async function scoresOf(
  client: Snapchat,
  pixel: string,
  notice: (message: string) => void,
): Promise<Envelope | null> {
  try {
    return await client.http.get<Envelope>(`pixels/${encodeURIComponent(pixel)}/event_quality_scores`)
  } catch (error) {
    if (!isNotFound(error) && (error as { lack?: unknown }).lack !== 'permission') throw error
    notice(`Snapchat gives no match quality of pixel ${pixel}: ${messageOf(error)}`)
    return null
  }
}

/** @throws fatal: there is no such pixel */
export const pixelOf = (client: Snapchat, id: string): Promise<Json> =>
  client.one(`pixels/${encodeURIComponent(id)}`, 'pixels', 'pixel').catch((error: unknown) => {
    throw notThere('pixel', id, error)
  })

type Quality = MatchQualityRecord & { readonly platform_answer: string }

/** Records of an answer: one for each event it names, else one for the pixel. Pure. */
export function qualityOf(body: Envelope, pixel: string, account: string, asOf: number): Quality[] {
  const { request_id: _, request_status: __, paging: ___, ...said } = body
  const record = (entry: Json): Quality => ({
    platform: 'snapchat',
    account_id: account,
    pixel_id: pixel,
    event_name: eventOf(entry),
    score: typeof entry.score === 'number' && Number.isFinite(entry.score) ? entry.score : null,
    scale: null,
    grade: null,
    events: null,
    coverage: {},
    window_start: null,
    window_end: null,
    as_of: asOf,
    platform_answer: JSON.stringify(entry),
  })
  const events = new Map(eventsIn(said).map(entry => [eventOf(entry), entry]))
  if (events.size > 0) return [...events.values()].map(record)
  return saysNothing(said) ? [] : [record(said)]
}

const saysNothing = (said: Json): boolean =>
  Object.values(said).every(value => Array.isArray(value) && value.length === 0)

const eventOf = ({ event_name, event_type }: Json): string | null => {
  const name = event_name ?? event_type
  return typeof name === 'string' && name !== '' ? name : null
}

/** Objects that name an event, wherever they are; what is inside one belongs to it. */
function eventsIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(eventsIn)
  if (!isObject(value)) return []
  return eventOf(value) === null ? Object.values(value).flatMap(eventsIn) : [value]
}
