import { StratumError } from '../errors.ts'
import type { Warehouse } from './warehouse.ts'

/**
 * Said before anything runs: a user that may only read answers every question, and its inserts would be waited for
 * as if the server took none at the moment.
 * @throws StratumError STORE_REFUSED
 */
export async function refuseReader(
  warehouse: Warehouse,
  { url, user = 'default' }: { readonly url?: string | undefined; readonly user?: string | undefined },
): Promise<void> {
  const [row] = await warehouse.query<{ readonly: string }>(
    "SELECT toString(getSetting('readonly')) AS readonly",
  )
  const { readonly } = row!
  if (readonly === '0') return
  const where = url === undefined ? '' : ` at ${url}`
  throw new StratumError(
    'STORE_REFUSED',
    `ClickHouse: user ${user}${where} may only read (its setting readonly is ${readonly}): name another in warehouse.user, or let it write`,
  )
}
