import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import { StratumError } from '../../errors.ts'
import type { Migration } from './port.ts'
import { makeRoles } from './roles.ts'

interface Applied {
  readonly version: number
  readonly name: string
  readonly checksum: string
}

export const checksum = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')

/** What has been applied, in order; none where there is no catalogue yet. */
export async function applied(client: PoolClient): Promise<Applied[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('stratum.migrations') IS NOT NULL AS there",
  )
  if (!rows[0]!.there) return []
  const found = await client.query<Applied>(
    'SELECT version, name, checksum FROM stratum.migrations ORDER BY version',
  )
  return found.rows
}

/**
 * What is still to be applied.
 * @throws StratumError TABLE_MISMATCH: a newer release has changed the catalogue, or a step is not what it was
 */
export function pending(found: readonly Applied[], wanted: readonly Migration[]): Migration[] {
  const newest = found.at(-1)
  if (newest !== undefined && newest.version > wanted.length)
    throw new StratumError(
      'TABLE_MISMATCH',
      `The catalogue has version ${newest.version} (${newest.name}), this release has ${wanted.length}: run the newer release`,
    )
  for (const [i, { version, name, checksum: sum }] of found.entries()) {
    const known = wanted[i]!
    if (known.version !== version || checksum(known) !== sum)
      throw new StratumError(
        'TABLE_MISMATCH',
        `Step ${version} of the catalogue (${name}) was another when it was applied: run the release that applied it`,
      )
  }
  return wanted.slice(found.length)
}

/** Any key will do, as long as it never changes. */
export const LOCK = 7_238_914_405_172_351n

/**
 * Applies what is pending, all of it or nothing, after whoever else does so now. What it applied.
 * @param now UTC microseconds
 */
export async function migrate(
  client: PoolClient,
  wanted: readonly Migration[],
  now: number,
): Promise<Migration[]> {
  // Not SERIALIZABLE: what is read behind the lock must be what the one before has left.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await makeRoles(client)
    const steps = pending(await applied(client), wanted)
    if (steps.length > 0) await client.query(FOUNDATION)
    for (const step of steps) {
      await client.query(step.sql)
      const { version, name } = step
      const values = [version, name, checksum(step), now]
      await client.query('INSERT INTO stratum.migrations VALUES ($1, $2, $3, $4)', values)
    }
    await refuseUnparted(client)
    await client.query('COMMIT')
    return steps
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** What is said of the steps themselves, for every user to read: a release asks before it does anything else. */
const FOUNDATION = `
CREATE SCHEMA IF NOT EXISTS stratum;
GRANT USAGE ON SCHEMA stratum TO PUBLIC;
CREATE TABLE IF NOT EXISTS stratum.migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at bigint NOT NULL
);
GRANT SELECT ON stratum.migrations TO PUBLIC;
`

/** A table whose owner sees every row would be open to every tenant as soon as somebody grants it. */
async function refuseUnparted(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'stratum'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'migrations'
      AND NOT (relrowsecurity AND relforcerowsecurity)`)
  if (rows.length > 0)
    throw new StratumError(
      'TABLE_MISMATCH',
      `Tables of the catalogue without row-level security: ${rows.map(r => r.name).join(', ')}`,
    )
}
