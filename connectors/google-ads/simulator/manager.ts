import { queryError } from './errors.ts'
import { NOTHING } from './figures.ts'
import type { Query } from './gaql/parse.ts'
import { matches, type ResultRow } from './gaql/row.ts'
import type { Flat } from './objects.ts'
import { type GoogleAdsPlatform, MANAGER } from './platform.ts'
import { FiguresRow } from './reading.ts'
import { clientFlat } from './results.ts'

const CUSTOMER: Flat = {
  'customer.resource_name': `customers/${MANAGER}`,
  'customer.id': MANAGER,
  'customer.descriptive_name': 'Manager account',
  'customer.currency_code': 'USD',
  'customer.time_zone': 'America/New_York',
  'customer.status': 'ENABLED',
  'customer.manager': true,
  'customer.test_account': false,
  'customer.auto_tagging_enabled': false,
}

/** A manager account knows itself and its clients, and has no figures. @throws ApiFailure */
export function managerRows({ accounts }: GoogleAdsPlatform, query: Query): readonly ResultRow[] {
  if (query.select.some(field => field.startsWith('metrics.')))
    throw queryError(
      'REQUESTED_METRICS_FOR_MANAGER',
      'Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests against each client account under the manager account.',
    )
  const row = (...parts: readonly Flat[]) => new FiguresRow(parts, null, NOTHING)
  const rows =
    query.from === 'customer'
      ? [row(CUSTOMER)]
      : query.from === 'customer_client'
        ? accounts.map(node => row(clientFlat(MANAGER, node, 1), CUSTOMER))
        : []
  return rows.filter(one => matches(one, query.where)).slice(0, query.limit ?? undefined)
}
