import { configError, permissionError } from '../../plugins/errors.ts'
import { type Envelope, isNotFound, isObject, outcomesOf } from './api/envelope.ts'
import type { Context } from './context.ts'
import { checkSettings } from './settings.ts'
import { pixelOf } from './streams/quality.ts'

/** Are the credentials good, and may every account (and pixel) be read? */
export async function check({ client, config }: Context): Promise<void> {
  checkSettings(config)
  const body = await client.http.get<Envelope>('me/organizations', { with_ad_accounts: true })
  const organizations = outcomesOf(body, 'organizations', 'organization')
  if (organizations.length === 0)
    throw permissionError('the credentials are good, but they belong to no organization on Snapchat')
  for (const [index, id] of config.ad_account_ids.entries()) {
    const account = await client.account(id).catch((error: unknown) => {
      if (isNotFound(error)) return null
      throw error
    })
    if (account === null)
      throw configError(
        `there is no ad account ${id} that this connection may see${known(organizations)}`,
        `/ad_account_ids/${index}`,
      )
  }
  for (const id of config.pixel_ids ?? []) await pixelOf(client, id)
}

const SHOWN = 10

function known(organizations: ReturnType<typeof outcomesOf>): string {
  const ids = organizations
    .flatMap(o => (o.ok && Array.isArray(o.value.ad_accounts) ? o.value.ad_accounts : []))
    .map(account => (isObject(account) ? account.id : null))
    .filter(id => typeof id === 'string')
  if (ids.length === 0) return ''
  return `; it sees ${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ''}`
}
