import { configError, fatalError } from '../../../plugins/errors.ts'
import { only } from '../../../plugins/http/index.ts'
import type { Account } from '../api/account.ts'
import { notThere, type Snapchat } from '../api/client.ts'
import { type Envelope, type Json, outcomesOf } from '../api/envelope.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'

export type Level = 'campaign' | 'adset' | 'ad'

/** How the API calls a level, and whose list an object of it is updated through (platforms.md §4.2). */
const LEVELS = {
  campaign: {
    list: 'campaigns',
    item: 'campaign',
    word: 'campaign',
    owner: 'adaccounts',
    by: 'ad_account_id',
  },
  adset: { list: 'adsquads', item: 'adsquad', word: 'ad squad', owner: 'campaigns', by: 'campaign_id' },
  ad: { list: 'ads', item: 'ad', word: 'ad', owner: 'adsquads', by: 'ad_squad_id' },
} as const

/** The whole object as the API has it. @throws fatal: there is none */
export async function objectOf(client: Snapchat, level: Level, id: string): Promise<Json> {
  const { list, item, word } = LEVELS[level]
  try {
    return await client.one(`${list}/${encodeURIComponent(id)}`, list, item)
  } catch (error) {
    throw notThere(word, id, error)
  }
}

/** The account an object belongs to. @throws config: it is none of this connection's */
export async function ownerOf({ client, config }: Context, level: Level, object: Json): Promise<Account> {
  let account = object
  if (level === 'ad') account = await objectOf(client, 'adset', needed(account, 'ad_squad_id'))
  if (level !== 'campaign') account = await objectOf(client, 'campaign', needed(account, 'campaign_id'))
  const id = needed(account, 'ad_account_id')
  if (!config.ad_account_ids.includes(id))
    throw configError(`${object.id} is of ad account ${id}, which is none of this connection's`, '/id')
  const found = await client.account(id)
  if (found === null) throw fatalError(`Snapchat lists no ad account ${id}`)
  return found
}

/**
 * Changes fields of an object. The API takes whole objects and resets what is left out, so it is read at once before,
 * and written as it is but for the change.
 * @throws fatal: the platform refuses it
 */
export async function change(client: Snapchat, level: Level, id: string, fields: Json): Promise<void> {
  const { list, item, owner, by } = LEVELS[level]
  const object = await objectOf(client, level, id)
  const answer = await client.http.ask({
    method: 'PUT',
    path: `${owner}/${encodeURIComponent(needed(object, by))}/${list}`,
    json: { [list]: [{ ...object, ...fields }] },
    // Sent again it would write what the object was then: whether it is done is read back instead.
    idempotent: false,
  })
  only(outcomesOf(answer.json<Envelope>(), list, item))
}
