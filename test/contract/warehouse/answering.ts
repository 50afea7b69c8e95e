import type { Test } from 'tap'
import type { Things } from '../../support/things.ts'

/** Questions are answered, and change nothing where they may not (`engine/store/warehouse.ts`). */
export function answering(t: Test, lab: Things): void {
  const rooms = async (database: string) => {
    const warehouse = await lab.open(t, database)
    await warehouse.command(`CREATE DATABASE ${database}`)
    await warehouse.command(`CREATE TABLE ${database}.rooms (n UInt64) ENGINE = MergeTree ORDER BY n`)
    return warehouse
  }

  t.test('a connection that had answered a read-only query refused every write after it', async t => {
    const warehouse = await rooms('first')
    t.same(await warehouse.query('SELECT 1 AS n', {}, { readonly: true }), [{ n: 1 }])
    await warehouse.command('INSERT INTO first.rooms VALUES (7)')
    t.same(await warehouse.show('SELECT 18446744073709551615 AS n'), [{ n: '18446744073709551615' }])
    await warehouse.command('INSERT INTO first.rooms VALUES (9)')
    t.same(await warehouse.query('SELECT sum(n) AS n FROM first.rooms', {}, { readonly: true }), [{ n: 16 }])
    for (const write of ['INSERT INTO first.rooms VALUES (8)', 'DROP TABLE first.rooms', 'SET readonly = 0'])
      await t.rejects(warehouse.show(write), { code: 'STORE_REFUSED' }, write)
    t.same(await warehouse.query('SELECT count() AS n FROM first.rooms'), [{ n: 2 }])
  })

  t.test('a table named without a database is one of the own', async t => {
    const warehouse = await rooms('second')
    t.same(await warehouse.show('SELECT count() AS n FROM rooms'), [{ n: 0 }])
  })

  t.test('values travel apart from the statement, whatever is in them', async t => {
    const warehouse = await lab.warehouse
    const texts = ["it's", 'a\ttab', 'a \\ and \\n', 'line\nbreak', '"', '`', '{x:String}', 'ü', '', "\\'"]
    for (const text of texts) {
      const rows = await warehouse.query('SELECT {text:String} AS text', { text })
      t.same(rows, [{ text }])
    }
    t.same(await warehouse.query('SELECT {n:UInt64} AS n, {day:Date} AS day', { n: 9, day: '2026-01-02' }), [
      { n: 9, day: '2026-01-02' },
    ])
  })

  t.test('what is refused is said in one line, and is no outage', async t => {
    const warehouse = await lab.warehouse
    for (const [sql, message] of [
      ['SELECT x FROM nowhere', /^ClickHouse: Unknown table expression identifier 'nowhere'/],
      ['SELECT (1', /^ClickHouse: Syntax error/],
      ["SELECT throwIf(1, 'enough')", /^ClickHouse: enough/],
    ] as const)
      for (const ask of ['query', 'show', 'command'] as const)
        await t.rejects(
          async () => {
            await warehouse[ask](sql)
          },
          { code: 'STORE_REFUSED', message },
          `${ask} ${sql}`,
        )
  })

  t.test('what fails half-way is an error, not half an answer', async t => {
    const warehouse = await lab.warehouse
    const sql = 'SELECT throwIf(number = 300000) AS n FROM numbers(400000) SETTINGS max_block_size = 1000'
    await t.rejects(warehouse.query(sql), { code: 'STORE_REFUSED' })
    await t.rejects(warehouse.show(sql), { code: 'STORE_REFUSED' })
  })
}
