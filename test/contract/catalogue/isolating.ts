import fc from 'fast-check'
import type { Test } from 'tap'
import type { Catalogue } from '../../../engine/store/catalogue/port.ts'
import { addTenant, addUser, type CatalogueLab, house, NOW } from './lab.ts'

const TENANTS = ['acme', 'bolt', 'crux']
const BY_TENANT = ['tenants', 'memberships', 'settings', 'api_keys']

/** Statements that name no tenant: `WHERE tenant_id = …` is forgotten in each. All give the tenants they reached. */
const CARELESS = [
  ...BY_TENANT.map(table => `SELECT tenant_id FROM ${table}`),
  'SELECT t.tenant_id FROM settings s JOIN memberships m ON true JOIN tenants t ON true',
  'SELECT coalesce(a.tenant_id, b.tenant_id) AS tenant_id FROM settings a FULL JOIN api_keys b ON a.section = b.name',
  'WITH all_of_them AS (SELECT * FROM settings) SELECT tenant_id FROM all_of_them',
  'SELECT tenant_id FROM (SELECT tenant_id FROM settings UNION ALL SELECT tenant_id FROM memberships) x',
  'SELECT tenant_id FROM settings WHERE tenant_id IN (SELECT tenant_id FROM tenants) OR true',
  'SELECT max(tenant_id) AS tenant_id FROM settings GROUP BY tenant_id',
  'UPDATE memberships SET version = version + 1 RETURNING tenant_id',
  'UPDATE api_keys SET revoked_at = 1 RETURNING tenant_id',
  'UPDATE tenants SET version = version + 1 RETURNING tenant_id',
  'DELETE FROM memberships RETURNING tenant_id',
  'SELECT tenant_id FROM memberships FOR SHARE',
]

const step = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    at: fc.nat(2),
    into: fc.nat(2),
    section: fc.constantFrom('one', 'two', 'three'),
  }),
  fc.record({ do: fc.constant('ask' as const), at: fc.nat(2), sql: fc.constantFrom(...CARELESS) }),
)

async function fill(catalogue: Catalogue): Promise<void> {
  for (const [i, tenant] of TENANTS.entries()) {
    await addTenant(catalogue, tenant)
    const user = await addUser(catalogue, `only@${tenant}.test`, { [tenant]: 'ADMIN' })
    await catalogue.query(
      'system',
      `INSERT INTO api_keys (tenant_id, name, prefix, hash, scopes, created_at, created_by)
       VALUES ($1, 'one', 'sk_', $2, $3, $4, $5)`,
      [tenant, Buffer.alloc(32, i), ['capi:write'], NOW, user],
    )
  }
  await addUser(catalogue, 'both@agency.test', { acme: 'VIEWER', bolt: 'ADMIN' })
}

const tenantsOf = (rows: readonly object[]) => [
  ...new Set(rows.map(r => (r as { tenant_id: string }).tenant_id)),
]

/** Whatever user the catalogue is opened as. */
export function isolating(t: Test, lab: CatalogueLab): void {
  t.test('a tenant reaches its own rows and no others, also by forgetting to say which', async t => {
    const { catalogue } = await house(t, lab)
    await fill(catalogue)
    const model = new Map(TENANTS.map(tenant => [tenant, new Set<string>()]))
    let members = await catalogue.query('system', 'SELECT tenant_id FROM memberships')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async steps => {
        for (const step of steps) {
          const tenant = TENANTS[step.at]!
          if (step.do === 'ask') {
            const rows = await catalogue.query({ tenant }, step.sql)
            t.ok(
              tenantsOf(rows).every(found => found === tenant),
              `${tenant}: ${step.sql}`,
            )
            if (step.sql.startsWith('DELETE')) {
              const left = await catalogue.query('system', 'SELECT tenant_id FROM memberships')
              t.equal(left.length, members.length - rows.length)
              members = left
            }
            continue
          }
          const into = TENANTS[step.into]!
          const sections = model.get(into)!
          const put = catalogue.query({ tenant }, "INSERT INTO settings VALUES ($1, $2, 1, '{}', $3)", [
            into,
            step.section,
            NOW,
          ])
          if (into === tenant && !sections.has(step.section)) {
            await put
            sections.add(step.section)
          } else await t.rejects(put, { code: 'STORE_REFUSED' })
        }
        for (const [tenant, sections] of model) {
          const rows = await catalogue.query<{ section: string }>({ tenant }, 'SELECT section FROM settings')
          t.same(new Set(rows.map(r => r.section)), sections)
        }
      }),
      { numRuns: 25 },
    )
  })

  t.test('a row cannot be moved to another tenant', async t => {
    const { catalogue } = await house(t, lab)
    await fill(catalogue)
    for (const table of ['memberships', 'api_keys', 'tenants', 'settings'])
      await t.rejects(catalogue.query({ tenant: 'acme' }, `UPDATE ${table} SET tenant_id = 'bolt'`), {
        code: 'STORE_REFUSED',
      })
    t.equal((await catalogue.query({ tenant: 'bolt' }, 'SELECT * FROM memberships')).length, 2)
  })

  t.test('a user is seen where he is a member, and changed by no tenant', async t => {
    const { catalogue } = await house(t, lab)
    await fill(catalogue)
    const emails = async (tenant: string) =>
      (await catalogue.query<{ email: string }>({ tenant }, 'SELECT email FROM users ORDER BY email')).map(
        r => r.email,
      )
    t.same(await emails('acme'), ['both@agency.test', 'only@acme.test'])
    t.same(await emails('crux'), ['only@crux.test'])
    for (const sql of [
      'SELECT password_hash FROM users',
      'SELECT platform_role FROM users',
      "UPDATE users SET name = 'other'",
      'DELETE FROM users',
      "INSERT INTO users (email, created_at, updated_at) VALUES ('a@b.test', 1, 1)",
      "UPDATE tenants SET plan = 'ENTERPRISE'",
      'UPDATE tenants SET deleted_at = 1',
      'DELETE FROM tenants',
      'DELETE FROM settings',
      'UPDATE settings SET version = 9',
      "UPDATE api_keys SET scopes = '{}'",
      'DELETE FROM api_keys',
    ])
      await t.rejects(
        catalogue.query({ tenant: 'acme' }, sql),
        { code: 'STORE_REFUSED', message: /denied/ },
        sql,
      )
  })

  t.test('a statement cannot leave its scope', async t => {
    const { catalogue } = await house(t, lab)
    await fill(catalogue)
    for (const sql of [
      'SELECT 1; SELECT 2',
      "SELECT 1; SET LOCAL stratum.tenant = 'bolt'",
      'COMMIT',
      '-- harmless\n /* so it seems */ RESET ROLE',
      'set role stratum_system',
      'Rollback',
      "SELECT set_config('stratum.tenant', 'bolt', true)",
      "SELECT SET_CONFIG ('role', 'stratum_system', true)",
      'DO $$ BEGIN RESET ROLE; END $$',
      'SAVEPOINT one',
    ]) {
      const rows = catalogue.transaction({ tenant: 'acme' }, async session => {
        await session.query(sql).catch(() => {})
        return session.query('SELECT * FROM tenants')
      })
      await t.rejects(rows, { code: 'STORE_REFUSED' }, sql)
    }
    for (const tenant of ['', "acme'; RESET ROLE; --", 'a b', '-acme'])
      await t.rejects(catalogue.query({ tenant }, 'SELECT 1'), { code: 'USAGE' })
  })

  t.test('a connection carries nothing from one tenant to the next', async t => {
    const { catalogue, raw } = await house(t, lab)
    await fill(catalogue)
    await catalogue.query({ tenant: 'acme' }, 'SELECT 1')
    const [row] = await catalogue.query(
      'system',
      "SELECT current_user AS role, current_setting('stratum.tenant') AS tenant",
    )
    t.same(row, { role: 'stratum_system', tenant: '' })
    t.equal((await catalogue.query('system', 'SELECT * FROM tenants')).length, 3)
    t.same(await catalogue.query({ tenant: 'nobody' }, 'SELECT * FROM tenants'), [])

    for (const table of [...BY_TENANT, 'users']) {
      const column = table === 'users' ? 'user_id' : 'tenant_id'
      const unset = await raw(`BEGIN; SET LOCAL ROLE stratum_app; SELECT ${column} FROM stratum.${table}`)
      t.same(unset, [], `${table}: no tenant set, nothing seen`)
      const empty = await raw(
        `BEGIN; SET LOCAL ROLE stratum_app; SET LOCAL stratum.tenant = ''; SELECT ${column} FROM stratum.${table}`,
      )
      t.same(empty, [], `${table}: an empty tenant, nothing seen`)
    }
  })

  t.test('no table is without its walls', async t => {
    const { catalogue, raw } = await house(t, lab)
    await catalogue.migrate()
    const tables = await raw(`
      BEGIN;
      SET LOCAL search_path = pg_catalog;
      SELECT relname, relrowsecurity AND relforcerowsecurity AS forced,
        EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id') AS of_tenant,
        ARRAY(SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
              WHERE polrelid = c.oid AND 'stratum_app'::regrole = ANY (polroles)) AS conditions
      FROM pg_class c WHERE relnamespace = 'stratum'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
        AND relname <> 'migrations'`)
    t.ok(tables.length >= BY_TENANT.length + 1)
    for (const { relname, forced, of_tenant, conditions } of tables) {
      t.equal(forced, true, String(relname))
      if (of_tenant) t.same(conditions, ['(tenant_id = stratum.tenant())'], String(relname))
    }
  })
}
