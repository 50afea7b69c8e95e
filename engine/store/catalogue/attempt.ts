import type { PoolClient } from 'pg'
import { StratumError } from '../../errors.ts'
import { isTenant } from '../../tenant.ts'
import type { Scope, Session } from './port.ts'
import { OpenSession } from './session.ts'
import { kindOf } from './trouble.ts'

/** How one run of a transaction ended. */
export type Ended<T> =
  | { readonly how: 'done'; readonly result: T }
  /** By what its function threw: nothing is done. */
  | { readonly how: 'thrown'; readonly error: unknown }
  /** By what the database or the way to it did: nothing is done. */
  | { readonly how: 'failed'; readonly error: unknown }
  /** The commit was asked for and not answered. */
  | { readonly how: 'unknown'; readonly error: unknown }

export interface Limits {
  /** How long a statement may take on the server, and a transaction be idle; 0: for ever. */
  readonly serverMs: number
  /** How long the client waits for an answer; 0: for ever. */
  readonly silentMs: number
}

/**
 * What a transaction begins with, in one message. Everything is local to it, so that a connection carries nothing
 * from one tenant to the next, also behind a pooler. SERIALIZABLE: embedded they run one after the other.
 * @throws StratumError USAGE: no name of a tenant
 */
export function beginning(scope: Scope, { serverMs }: Limits): string {
  const tenant = scope === 'system' ? '' : scope.tenant
  if (scope !== 'system' && !isTenant(tenant))
    throw new StratumError('USAGE', `Catalogue: "${tenant}" is no name of a tenant`)
  return [
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    'SET LOCAL search_path = stratum, pg_temp',
    "SET LOCAL TimeZone = 'UTC'",
    `SET LOCAL statement_timeout = ${serverMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${serverMs}`,
    // A superuser, which the embedded one is, sees every row whatever the policies say: a plain role does not.
    `SET LOCAL ROLE ${scope === 'system' ? 'stratum_system' : 'stratum_app'}`,
    `SET LOCAL stratum.tenant = '${tenant}'`,
  ].join('; ')
}

/**
 * Runs a transaction once on a connection and gives the connection back, or away if it cannot be trusted.
 * @param begin as of `beginning`
 */
export async function attempt<T>(
  client: PoolClient,
  begin: string,
  fn: (session: Session) => Promise<T>,
  limits: Limits,
): Promise<Ended<T>> {
  // What the server says before it hangs up; what is asked after that fails with less.
  let last: unknown = null
  const hear = (error: unknown) => {
    last ??= error
  }
  client.on('error', hear)
  const ended = await run(client, begin, fn, limits)
  const failed = ended.how === 'failed' || ended.how === 'unknown'
  const error = failed ? (kindOf(ended.error) === 'connection' ? (last ?? ended.error) : ended.error) : null
  const isOpen = last === null && !(failed && kindOf(error) === 'connection')
  const isClean = isOpen && (ended.how === 'done' || (await rollBack(client, limits)))
  client.off('error', hear)
  client.release(!isClean)
  return failed ? { how: ended.how, error } : ended
}

async function run<T>(
  client: PoolClient,
  begin: string,
  fn: (session: Session) => Promise<T>,
  limits: Limits,
): Promise<Ended<T>> {
  const session = new OpenSession(client, limits.silentMs)
  try {
    await control(client, begin, limits)
  } catch (error) {
    return { how: 'failed', error }
  }
  let ended: Ended<T>
  try {
    ended = { how: 'done', result: await fn(session) }
  } catch (error) {
    ended = { how: 'thrown', error }
  }
  await session.end()
  if (session.failure !== null) return { how: 'failed', error: session.failure.error }
  if (ended.how !== 'done') return ended
  try {
    await control(client, 'COMMIT', limits)
    return ended
  } catch (error) {
    return { how: kindOf(error) === 'connection' ? 'unknown' : 'failed', error }
  }
}

const control = (client: PoolClient, text: string, { silentMs }: Limits) =>
  client.query({ text, query_timeout: silentMs } as { text: string })

async function rollBack(client: PoolClient, limits: Limits): Promise<boolean> {
  try {
    await control(client, 'ROLLBACK', limits)
    return true
  } catch {
    return false
  }
}
