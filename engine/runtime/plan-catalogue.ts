import type { Change } from '../sink/plan.ts'
import { hasCatalogue } from '../store/catalogue/place.ts'
import type { Migration } from '../store/catalogue/port.ts'
import type { Stores } from './stores.ts'

/** An embedded one is made when it is first used; until then there is nothing to change, and nothing is opened. */
const isThere = ({ options }: Stores): boolean =>
  options.catalogue?.url !== undefined || hasCatalogue(options.dataDir)

/**
 * What this release would change in the catalogue.
 * @throws StratumError TABLE_MISMATCH: it is of a newer release
 */
export async function planCatalogue(stores: Stores): Promise<Change[]> {
  if (!isThere(stores)) return []
  return (await (await stores.catalogue()).plan()).map(change)
}

/** Does it. */
export async function applyCatalogue(stores: Stores): Promise<Change[]> {
  if (!isThere(stores)) return []
  return (await (await stores.catalogue()).migrate()).map(change)
}

const change = ({ version, name }: Migration): Change => ({
  what: 'catalogue',
  name: `step ${version}`,
  action: version === 1 ? 'create' : 'alter',
  detail: name,
  loss: false,
  sql: [],
})
