import type { Test } from 'tap'
import { createDatabase, createTable, quote } from '../../../engine/sink/ddl.ts'
import { type Change, planTables } from '../../../engine/sink/plan.ts'
import { currentView, type TableSpec } from '../../../engine/sink/table.ts'
import type { Warehouse } from '../../../engine/store/warehouse.ts'
import { COLUMNS, TYPES } from '../../engine/sink/columns.ts'
import type { Things } from '../../support/things.ts'

let databases = 0

const visits: TableSpec = {
  name: 'visits',
  comment: "One row is one day's visits: 'seen' \\ counted",
  version: 1,
  from: { topic: 'things', kind: 'visit' },
  time: 'day',
  orderBy: ['tenant_id', 'day'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)', comment: "Whose; it's first" },
    { name: 'day', type: 'Date' },
    { name: 'n', type: 'UInt64' },
    { name: 'revision', type: 'UInt64' },
  ],
}
const withView: TableSpec = {
  ...visits,
  views: [currentView('visits', visits.columns, ['tenant_id', 'day'])],
}

async function all(warehouse: Warehouse, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await warehouse.command(sql)
}

/** Tables, columns, views and settings are compared with what a release needs (`engine/sink/plan.ts`). */
export function planning(t: Test, lab: Things): void {
  /** A database of its own, with these tables made. */
  async function made(...tables: TableSpec[]) {
    const warehouse = await lab.warehouse
    const options = { database: `plans_${++databases}`, retentionYears: 10 }
    const plan = (...wanted: TableSpec[]): Promise<Change[]> => planTables(warehouse, wanted, options)
    const apply = async (...wanted: TableSpec[]) => {
      for (const { sql } of await plan(...wanted)) await all(warehouse, sql)
    }
    await apply(...tables)
    const alter = (sql: string) => warehouse.command(sql.replaceAll('visits', `${options.database}.visits`))
    const rows = <T>(sql: string) =>
      warehouse.query<T>(sql.replaceAll('visits', `${options.database}.visits`))
    return { warehouse, options, plan, apply, alter, rows }
  }

  t.test('what is missing is made, and known again', async t => {
    const every: TableSpec = {
      ...visits,
      name: 'every',
      time: `c${TYPES.indexOf('Date')}`,
      orderBy: ['c0'],
      columns: COLUMNS,
    }
    const { plan, apply } = await made()
    t.match(await plan(withView, every), [
      { what: 'table', name: 'visits', action: 'create', loss: false, detail: visits.comment },
      { what: 'view', name: 'visits_current', action: 'create', loss: false },
      { what: 'table', name: 'every', action: 'create', loss: false },
    ])
    await apply(withView, every)
    t.same(await plan(withView, every), [])
  })

  t.test('a database that was there was made all the same, which not everybody may', async t => {
    const { warehouse, options, plan } = await made()
    const makes = async () =>
      (await plan(visits)).flatMap(c => c.sql).filter(sql => /^CREATE DATABASE/.test(sql))
    t.equal((await makes()).length, 1)
    await warehouse.command(createDatabase(options.database))
    t.equal((await makes()).length, 0)
  })

  t.test('comments reach the warehouse as they are written', async t => {
    const { rows, options } = await made(visits)
    t.same(await rows(`SELECT comment FROM system.tables WHERE database = '${options.database}'`), [
      { comment: visits.comment },
    ])
    t.equal(quote("it's a \\"), "'it\\'s a \\\\'")
  })

  t.test('a new column is added, and the rows stay', async t => {
    const { plan, apply, alter, rows } = await made(visits)
    await alter("INSERT INTO visits VALUES ('acme', '2026-01-01', 7, 1, 'stratum.things', 0, 0)")
    const more: TableSpec = {
      ...visits,
      columns: [
        ...visits.columns,
        { name: 'source', type: 'Nullable(String)' },
        { name: 'spend', type: 'Decimal(18, 6)' },
      ],
    }
    t.match(await plan(more), [
      {
        action: 'alter',
        loss: false,
        detail: /^add source Nullable\(String\), spend Decimal\(18, 6\); rows there have no value/,
      },
    ])
    await apply(more)
    t.same(await plan(more), [])
    t.same(await rows('SELECT n, source, spend FROM visits'), [{ n: 7, source: null, spend: 0 }])
  })

  t.test('a release that declares another table than is there: made anew, which has to be typed', async t => {
    const { plan, apply } = await made(visits)
    const changed: [Partial<TableSpec>, RegExp][] = [
      [{ orderBy: ['day', 'tenant_id'] }, /ordered by \(tenant_id, day\), \(day, tenant_id\) is needed/],
      [{ orderBy: ['tenant_id'] }, /ordered by \(tenant_id, day\), \(tenant_id\) is needed/],
      [{ columns: visits.columns.slice(0, 3) }, /column revision is not known to this release/],
      [
        { columns: visits.columns.map(c => (c.name === 'n' ? { name: 'n', type: 'Int64' } : c)) },
        /column n is UInt64, Int64 is needed/,
      ],
    ]
    for (const [change, detail] of changed) {
      const [first, ...others] = await plan({ ...visits, ...change })
      t.match(first, { what: 'table', action: 'recreate', loss: true, detail })
      t.same(others, [])
      await apply({ ...visits, ...change })
      t.same(await plan({ ...visits, ...change }), [], String(detail))
      await apply(visits)
    }
  })

  t.test('a table that somebody has changed at the store', async t => {
    const by: [string, RegExp][] = [
      ['ALTER TABLE visits MODIFY COLUMN n UInt32', /column n is UInt32, UInt64 is needed/],
      ['ALTER TABLE visits ADD COLUMN note String', /column note is not known/],
    ]
    for (const [sql, detail] of by) {
      const { plan, apply, alter } = await made(visits)
      await alter(sql)
      t.match(await plan(visits), [{ action: 'recreate', loss: true, detail }], sql)
      await apply(visits)
      t.same(await plan(visits), [])
    }
  })

  t.test('what somebody has taken away at the store is put back, and the rows stay', async t => {
    const by: [string, RegExp][] = [
      ['ALTER TABLE visits DROP COLUMN n', /^add n UInt64; rows there have no value/],
      ['ALTER TABLE visits MODIFY SETTING non_replicated_deduplication_window = 0', /deduplication window/],
      ['ALTER TABLE visits RESET SETTING non_replicated_deduplication_window', /deduplication window/],
    ]
    for (const [sql, detail] of by) {
      const { plan, apply, alter, rows } = await made(visits)
      await alter("INSERT INTO visits VALUES ('acme', '2026-01-01', 7, 1, 'stratum.things', 0, 0)")
      await alter(sql)
      t.match(await plan(visits), [{ action: 'alter', loss: false, detail }], sql)
      await apply(visits)
      t.same(await plan(visits), [])
      t.same(await rows('SELECT day FROM visits'), [{ day: '2026-01-01' }])
    }
  })

  t.test('an engine that merges rows into one lost them unseen: only a plain MergeTree will do', async t => {
    for (const engine of ['ReplacingMergeTree', 'SummingMergeTree', 'Memory']) {
      const { warehouse, options, plan } = await made()
      const sql = createTable(visits, options).replace('= MergeTree', `= ${engine}`)
      const memory = sql.replace(/PARTITION BY[\s\S]*?COMMENT/, 'COMMENT').replace(/,\n {2}INDEX.*/, '')
      await all(warehouse, [createDatabase(options.database), engine === 'Memory' ? memory : sql])
      const detail = new RegExp(`engine is ${engine}, MergeTree is needed`)
      t.match(await plan(visits), [{ action: 'recreate', loss: true, detail }])
    }
  })

  t.test('a view whose text has changed is made anew, which loses nothing', async t => {
    const { plan, apply, alter, rows } = await made(withView)
    await alter("INSERT INTO visits VALUES ('acme', '2026-01-01', 7, 1, 'stratum.things', 0, 0)")
    await alter("INSERT INTO visits VALUES ('acme', '2026-01-01', 9, 2, 'stratum.things', 0, 1)")
    t.same(await rows('SELECT n FROM visits_current'), [{ n: 9 }])
    const other: TableSpec = { ...visits, views: [currentView('visits', visits.columns, ['tenant_id'])] }
    t.match(await plan(other), [{ what: 'view', name: 'visits_current', action: 'alter', loss: false }])
    await apply(other)
    t.same(await plan(other), [])
    await alter('DROP VIEW visits_current')
    t.match(await plan(other), [{ what: 'view', action: 'create' }])
  })

  t.test('a table by the name of a view was replaced with all its rows, unasked', async t => {
    const { warehouse, options, plan } = await made(visits)
    const { database } = options
    await all(warehouse, [
      `CREATE TABLE ${database}.visits_current (n UInt64) ENGINE = MergeTree ORDER BY n`,
      `INSERT INTO ${database}.visits_current VALUES (1)`,
    ])
    t.match(await plan(withView), [
      {
        what: 'view',
        name: 'visits_current',
        action: 'refuse',
        loss: false,
        sql: [],
        detail: /MergeTree.*rename or drop/,
      },
    ])
  })

  t.test('a changed retention is seen: tables that were there kept the one they were made with', async t => {
    const { warehouse, options, plan, apply, alter, rows } = await made(visits)
    await alter("INSERT INTO visits VALUES ('acme', today() - 800, 7, 1, 'stratum.things', 0, 0)")
    const years = (retentionYears: number) => planTables(warehouse, [visits], { ...options, retentionYears })
    const change = { what: 'retention', name: 'visits.retention', action: 'alter' }
    t.match(await years(20), [{ ...change, detail: 'keep rows 20 years instead of 10', loss: false }])
    t.match(await years(1), [{ ...change, detail: 'keep rows 1 years instead of 10', loss: true }])
    for (const { sql } of await years(20)) await all(warehouse, sql)
    t.same(await years(20), [])
    await alter('ALTER TABLE visits REMOVE TTL')
    t.match(await plan(visits), [{ ...change, detail: 'keep rows 10 years instead of for ever', loss: true }])
    await apply(visits)
    t.same(await rows('SELECT n FROM visits'), [{ n: 7 }])
  })

  t.test('rows kept into the next century were dropped at once: their end lay beyond 2106', async t => {
    const { warehouse, options } = await made()
    const long = { ...options, retentionYears: 100 }
    for (const { sql } of await planTables(warehouse, [visits], long)) await all(warehouse, sql)
    const table = `${options.database}.visits`
    await warehouse.command(
      `INSERT INTO ${table} VALUES ('acme', '2030-01-01', 7, 1, 'stratum.things', 0, 0)`,
    )
    await warehouse.command(`OPTIMIZE TABLE ${table} FINAL`)
    t.same(await warehouse.query(`SELECT n FROM ${table}`), [{ n: 7 }])
  })
}
