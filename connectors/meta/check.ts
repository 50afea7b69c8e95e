import { configError, permissionError } from '../../plugins/errors.ts'
import { type List, rowsIn } from './api/paging.ts'
import { isInvalid, isMissing } from './api/trouble.ts'
import type { Context } from './context.ts'
import { accountIds, checkSettings } from './settings.ts'
import { pixelOf } from './streams/quality.ts'

/** Is the token good, has it the one right that reading needs, and may every account and pixel be read? */
export async function check({ client, config }: Context): Promise<void> {
  checkSettings(config)
  await checkRights(client)
  for (const [index, id] of accountIds(config).entries())
    await client.account(id).catch((error: unknown) => {
      throw isMissing(error) ? notSeen('ad account', id, `/ad_account_ids/${index}`) : error
    })
  for (const [index, id] of (config.pixel_ids ?? []).entries())
    await pixelOf(client, id).catch((error: unknown) => {
      throw isMissing(error) ? notSeen('pixel', id, `/pixel_ids/${index}`) : error
    })
}

const notSeen = (what: string, id: string, path: string) =>
  configError(`there is no ${what} ${id} that this access token may see`, path)

/** @throws permission: neither `ads_read` nor `ads_management`, which holds it */
async function checkRights({ app }: Context['client']): Promise<void> {
  const body = await app.get<List>('me/permissions').catch((error: unknown) => {
    // Tokens that are no user's have no such list; what they may do is seen at the accounts.
    if (isInvalid(error)) return null
    throw error
  })
  const rights = body === null ? null : rowsIn(body)
  if (rights === null || rights.length === 0) return
  const has = (name: string) => rights.some(r => r.permission === name && r.status === 'granted')
  if (!has('ads_read') && !has('ads_management'))
    throw permissionError('the access token is good, but was given neither ads_read nor ads_management')
}
