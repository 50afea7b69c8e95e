import type { Test } from 'tap'
import { MIGRATIONS } from '../../../engine/store/catalogue/migrations/index.ts'
import type { Migration } from '../../../engine/store/catalogue/port.ts'
import { addTenant, type CatalogueLab, house } from './lab.ts'

const next = MIGRATIONS.length + 1
const step = (sql: string, version = next): Migration => ({ version, name: `step ${version}`, sql })
const drafts = step(`
  CREATE TABLE stratum.drafts (tenant_id text NOT NULL, title text);
  CALL stratum.part_by_tenant('stratum.drafts');
  GRANT SELECT, INSERT ON stratum.drafts TO stratum_app;`)
const later = [...MIGRATIONS, drafts]
const acme = { tenant: 'acme' }

export function migrating(t: Test, lab: CatalogueLab): void {
  t.test('an empty catalogue is made when it is first used', async t => {
    const { catalogue } = await house(t, lab)
    t.same(await catalogue.plan(), MIGRATIONS)
    await addTenant(catalogue, 'acme')
    t.same(await catalogue.plan(), [])
    t.same(await catalogue.migrate(), [])
  })

  t.test('one that is there is changed when it is said, and keeps what it has', async t => {
    const { catalogue, open } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const newer = open(later)
    await t.rejects(newer.query(acme, 'SELECT 1'), { code: 'TABLE_MISMATCH', message: /stratum apply/ })
    t.same(await newer.plan(), [drafts])
    t.same(await newer.migrate(), [drafts])
    t.same(await newer.migrate(), [])
    await newer.query(acme, "INSERT INTO drafts VALUES ('acme', 'one')")
    t.same(await newer.query(acme, 'SELECT title FROM drafts'), [{ title: 'one' }])
    t.same(await newer.query({ tenant: 'bolt' }, 'SELECT title FROM drafts'), [])
    t.same(await newer.query(acme, 'SELECT name FROM tenants'), [{ name: 'acme' }])
    t.same(
      await catalogue.query(acme, 'SELECT name FROM tenants'),
      [{ name: 'acme' }],
      'who runs already runs on',
    )
  })

  t.test('a catalogue of a newer release is left alone', async t => {
    const { open } = await house(t, lab)
    await open(later).migrate()
    const older = open()
    const refused = { code: 'TABLE_MISMATCH', message: /version \d+ .*run the newer release/ }
    await t.rejects(older.query(acme, 'SELECT 1'), refused)
    await t.rejects(older.plan(), refused)
    await t.rejects(older.migrate(), refused)
  })

  t.test('a step that was changed after its release is not taken for the one that was applied', async t => {
    const { catalogue, open } = await house(t, lab)
    await catalogue.migrate()
    const [first, ...rest] = MIGRATIONS
    const changed = open([{ ...first!, sql: `${first!.sql} ` }, ...rest])
    const refused = { code: 'TABLE_MISMATCH', message: /was another/ }
    await t.rejects(changed.plan(), refused)
    await t.rejects(changed.migrate(), refused)
    await t.rejects(changed.query(acme, 'SELECT 1'), refused)
  })

  t.test('steps that fail leave nothing behind', async t => {
    const { raw, open } = await house(t, lab)
    const half = [...later, step('CREATE TABLE stratum.half (n int); SELECT nonsense', next + 1)]
    await t.rejects(open(half).migrate(), { code: 'STORE_REFUSED', message: /nonsense/ })
    t.same(await raw("SELECT FROM pg_namespace WHERE nspname = 'stratum'"), [])
    t.equal((await open(later).migrate()).length, later.length)
  })

  t.test('a table without row-level security does not get in', async t => {
    const { open } = await house(t, lab)
    const careless = [...MIGRATIONS, step('CREATE TABLE stratum.drafts (tenant_id text)')]
    await t.rejects(open(careless).migrate(), { code: 'TABLE_MISMATCH', message: /drafts/ })
    t.equal((await open(later).migrate()).length, later.length)
  })

  t.test('many make it at the same time, and it is made once', async t => {
    const { open, raw } = await house(t, lab)
    const made = await Promise.all(Array.from({ length: 4 }, () => open(later).migrate()))
    t.same(made.map(steps => steps.length).sort(), [0, 0, 0, later.length])
    const [row] = await raw('SELECT count(*)::int AS n FROM stratum.migrations')
    t.equal(row!.n, later.length)
  })
}
