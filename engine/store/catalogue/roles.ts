import type { PoolClient } from 'pg'
import { StratumError } from '../../errors.ts'

/** Whom transactions run as. Roles are the whole server's, so a database that moves to another finds none. */
const ROLES = ['stratum_app', 'stratum_system']

/**
 * Sees to it that the roles are there and that this user can become them. Inside a transaction.
 * @throws StratumError STORE_REFUSED: the user may not, with what an administrator has to run
 */
export async function makeRoles(client: PoolClient): Promise<void> {
  for (const role of ROLES) {
    const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
    if (rows.length === 0 && !(await tries(client, `CREATE ROLE ${role} NOLOGIN`, ALREADY)))
      throw await forbidden(client)
    if (await tries(client, `SET LOCAL ROLE ${role}`)) await client.query('RESET ROLE')
    // In PostgreSQL 16 and later who has made a role may grant it to himself, and has to.
    else if (!(await tries(client, `GRANT ${role} TO CURRENT_USER`))) throw await forbidden(client)
  }
}

const FORBIDDEN = ['42501']
/** Another database of the same server is being made ready at the same time. */
const ALREADY = ['42710', '23505']

/** Whether the statement did what it should, or found it `done`; the transaction goes on either way. */
async function tries(client: PoolClient, sql: string, done: readonly string[] = []): Promise<boolean> {
  await client.query('SAVEPOINT tries')
  try {
    await client.query(sql)
    await client.query('RELEASE SAVEPOINT tries')
    return true
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT tries')
    const { code = '' } = error as { code?: string }
    if (done.includes(code)) return true
    if (FORBIDDEN.includes(code)) return false
    throw error
  }
}

async function forbidden(client: PoolClient): Promise<StratumError> {
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_user) AS name')
  const user = rows[0]!.name
  return new StratumError(
    'STORE_REFUSED',
    `Catalogue: the user ${user} may not make the roles that tenants are parted by: let an administrator run ${ROLES.map(role => `CREATE ROLE ${role} NOLOGIN; `).join('')}GRANT ${ROLES.join(', ')} TO ${user};`,
  )
}
