import { ConnectorError, configError } from '../../plugins/errors.ts'
import { isObject } from './api/exact-json.ts'
import { codeOf } from './api/failure.ts'
import type { Context } from './context.ts'
import { bare, checkSettings, customerIds } from './settings.ts'

/** Are the credentials good, and may every account be read? */
export async function check({ client, config }: Context): Promise<void> {
  checkSettings(config)
  const accessible = await client.accessible()
  for (const [index, id] of customerIds(config).entries()) {
    const path = `/customer_ids/${index}`
    const customer = await client.customer(id).catch((error: unknown) => {
      throw isMissing(error)
        ? configError(`there is no account ${id} on Google Ads${listed(accessible)}`, path)
        : about(id, error)
    })
    if (customer.isManager) throw configError(await managerText(client, id), path)
  }
}

const isMissing = (error: unknown): boolean =>
  ['authenticationError.CUSTOMER_NOT_FOUND', 'requestError.INVALID_CUSTOMER_ID'].includes(codeOf(error) ?? '')

/** Several accounts are asked for: which one was it. */
function about(id: string, error: unknown): unknown {
  if (error instanceof ConnectorError && error.lack === 'permission')
    error.message = `account ${id}: ${error.message}`
  return error
}

const SHOWN = 10

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ''
  return `; this connection has direct access to ${ids.slice(0, SHOWN).join(', ')}${more}`
}

/** A manager has no figures; its clients have. */
async function managerText(client: Context['client'], id: string): Promise<string> {
  const rows = await client.all(
    id,
    'SELECT customer_client.id, customer_client.manager FROM customer_client WHERE customer_client.manager = FALSE',
  )
  const ids = rows.map(({ customerClient: c }) => (isObject(c) ? bare(String(c.id)) : '')).filter(Boolean)
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ''
  const clients = ids.length === 0 ? '' : `: ${ids.slice(0, SHOWN).join(', ')}${more}`
  return `${id} is a manager account, which has no figures: name its clients${clients}, and it as login_customer_id`
}
