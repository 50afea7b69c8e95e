import { post } from '../command/send.ts'
import type { Stores } from '../runtime/stores.ts'
import type { Connection } from './connections.ts'

/** How a connection is, for those who decide by it: anything but CONNECTED restricts. */
export type ConnectionState = 'CONNECTED' | 'EXPIRED' | 'PAUSED' | 'DISCONNECTED'

/** Whether a connection can be used, told on the tenant's facts where that changes: a replay knows it as it was known then. */
export async function tellConnection(
  stores: Pick<Stores, 'log' | 'codec' | 'layout' | 'options' | 'app'>,
  { tenant, name, source }: Pick<Connection, 'tenant' | 'name' | 'source'>,
  state: ConnectionState,
): Promise<void> {
  await post(stores, {
    tenant,
    command: 'connection.state',
    actor: 'scheduler',
    role: 'SYSTEM',
    reason: null,
    body: { name, source, state },
  })
}
