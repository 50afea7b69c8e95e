import pg from 'pg'
import type { Test } from 'tap'
import type { Catalogue, Migration, Row } from '../../../engine/store/catalogue/port.ts'
import { PostgresCatalogue, type PostgresOptions } from '../../../engine/store/catalogue/postgres.ts'

/** Databases to keep a catalogue in, each empty at first. */
export interface CatalogueLab {
  database(): Promise<PostgresOptions>
}

export interface House {
  readonly options: PostgresOptions
  readonly catalogue: Catalogue
  /** Another program of the same database, maybe of another release. */
  open(migrations?: readonly Migration[]): Catalogue
  /** As the owner of the database, who goes by no policy; while the catalogue rests. */
  raw(sql: string): Promise<Row[]>
}

export async function house(t: Test, lab: CatalogueLab, migrations?: readonly Migration[]): Promise<House> {
  const { close, ...options } = await lab.database()
  const opened: Catalogue[] = []
  t.teardown(async () => {
    for (const catalogue of opened) await catalogue.close()
    await close?.()
  })
  const open = (migrations?: readonly Migration[]) => {
    const catalogue = new PostgresCatalogue({ ...options, ...(migrations ? { migrations } : {}) })
    opened.push(catalogue)
    return catalogue
  }
  return {
    options,
    catalogue: open(migrations),
    open,
    async raw(sql) {
      const client = new pg.Client(options.pool)
      await client.connect()
      try {
        const results: unknown = await client.query(sql)
        const last = Array.isArray(results) ? results.at(-1) : results
        return last.rows
      } finally {
        await client.end()
      }
    },
  }
}

export const NOW = 1_767_610_000_123_456

export async function addTenant(catalogue: Catalogue, tenant: string): Promise<void> {
  await catalogue.query(
    'system',
    `INSERT INTO tenants (tenant_id, name, plan, currency, created_at, updated_at)
     VALUES ($1, $1, 'STANDARD', 'EUR', $2, $2)`,
    [tenant, NOW],
  )
}

/** A user who is a member; the id. */
export async function addUser(
  catalogue: Catalogue,
  email: string,
  tenants: Readonly<Record<string, string>>,
): Promise<string> {
  return catalogue.transaction('system', async session => {
    const [user] = await session.query<{ user_id: string }>(
      'INSERT INTO users (email, created_at, updated_at) VALUES ($1, $2, $2) RETURNING user_id',
      [email, NOW],
    )
    for (const [tenant, role] of Object.entries(tenants))
      await session.query('INSERT INTO memberships VALUES ($1, $2, $3, true, 1, $4, $4)', [
        tenant,
        user!.user_id,
        role,
        NOW,
      ])
    return user!.user_id
  })
}
