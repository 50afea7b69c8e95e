import { fatalError } from '../../../plugins/errors.ts'
import type { HttpClient } from '../../../plugins/http/index.ts'
import { isCurrency } from '../../../plugins/money/index.ts'
import { dayIn } from '../../../plugins/sync/index.ts'
import { idOf } from '../fields.ts'
import { type Envelope, isObject, type Json, listOf } from './envelope.ts'

const PATH = 'advertiser/info/'
/** Only these: the rest of an advertiser's data are telephone numbers and addresses. */
const FIELDS = ['advertiser_id', 'name', 'currency', 'timezone', 'status']
/** Ids of a request. */
const MOST_IDS = 100

/** What everything of an ad account hangs on. */
export interface Advertiser {
  readonly id: string
  readonly currency: string
  /** IANA name; TikTok knows no summer time and writes `Etc/GMT+8`. */
  readonly zone: string
  /** As the API gives it. */
  readonly row: Json
}

/**
 * Those of the ids that the token reaches, in their order. TikTok itself refuses the whole request (40001) where one is
 * not; what it leaves out all the same is for the caller to miss.
 * @throws fatal: a currency or zone cannot be read
 */
export async function advertisersOf(client: HttpClient, ids: readonly string[]): Promise<Advertiser[]> {
  const found = new Map<string, Advertiser>()
  for (let at = 0; at < ids.length; at += MOST_IDS) {
    const query = { advertiser_ids: ids.slice(at, at + MOST_IDS), fields: FIELDS }
    for (const row of listOf(await client.get<Envelope>(PATH, query), PATH)) {
      const advertiser = advertiserOf(row)
      found.set(advertiser.id, advertiser)
    }
  }
  return ids.map(id => found.get(id)).filter(advertiser => advertiser !== undefined)
}

export const outOfReach = (id: string): string =>
  `the access token does not reach advertiser ${id}: it has to authorise the app`

function advertiserOf(row: unknown): Advertiser {
  if (!isObject(row)) throw fatalError(`${PATH}: an advertiser is no object`)
  const id = idOf(row, 'advertiser_id')
  const { currency, timezone } = row
  if (typeof currency !== 'string' || !isCurrency(currency))
    throw fatalError(`advertiser ${id}: its currency ${JSON.stringify(currency)} is none of ISO 4217`)
  if (typeof timezone !== 'string' || !isZone(timezone))
    throw fatalError(`advertiser ${id}: its time zone ${JSON.stringify(timezone)} is not known`)
  return { id, currency, zone: timezone, row }
}

function isZone(name: string): boolean {
  try {
    dayIn(name, 0)
    return true
  } catch {
    return false
  }
}
