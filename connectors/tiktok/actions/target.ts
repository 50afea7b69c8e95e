import { fatalError } from '../../../plugins/errors.ts'
import type { Advertiser } from '../api/advertisers.ts'
import { PARTIAL } from '../api/codes.ts'
import { type Envelope, isObject, type Json, listOf } from '../api/envelope.ts'
import { wordsOf } from '../api/trouble.ts'
import type { TikTokContext } from '../settings.ts'
import { ALL, LISTS } from '../streams/entity-streams.ts'

export type Level = keyof typeof LISTS

export interface Target {
  readonly advertiser: Advertiser
  readonly row: Json
}

/** An object by its id, at whichever advertiser it is. @throws fatal: at none */
export async function find({ client, config }: TikTokContext, level: Level, id: string): Promise<Target> {
  const { path, ids, fields } = LISTS[level]
  for (const advertiser of await client.advertisers()) {
    const filtering = { ...ALL, [ids]: [id] }
    const query = { advertiser_id: advertiser.id, filtering, fields, page: 1, page_size: 1 }
    const [row] = listOf(await client.get<Envelope>(path, query), path)
    if (isObject(row)) return { advertiser, row }
  }
  throw fatalError(`there is no ${level} ${id} at ${config.advertiser_ids.join(', ')}`)
}

/**
 * Of a request about one object. Partial success is an answer like any other: the object may be the part that failed.
 * @throws fatal: it is not among those that were changed
 */
export function done(body: Envelope, ids: string, id: string): void {
  if (body.code !== PARTIAL) return
  const data = isObject(body.data) ? body.data : {}
  const changed = data[ids]
  if (Array.isArray(changed) && changed.some(one => String(one) === id)) return
  const [error] = Array.isArray(data.error_list) ? data.error_list : []
  const reason = isObject(error) && typeof error.error_message === 'string' ? `: ${error.error_message}` : ''
  throw fatalError(`TikTok did not change ${id}${reason}: ${wordsOf(body)}`)
}
