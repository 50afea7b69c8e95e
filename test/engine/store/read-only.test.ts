import { join } from 'node:path'
import t from 'tap'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { temporaryFolder } from '../../support/folder.ts'

t.test('a connection that had answered a read-only query refused every write after it', async t => {
  const warehouse = await openChdb(join(temporaryFolder(t), 'data'), 'house')
  t.teardown(() => warehouse.close())
  t.same(await warehouse.query('SELECT 1 AS n', {}, { readonly: true }), [{ n: 1 }])
  await warehouse.command('CREATE DATABASE house')
  await warehouse.command('CREATE TABLE house.rooms (n UInt64) ENGINE = MergeTree ORDER BY n')
  t.same(await warehouse.show('SELECT 18446744073709551615 AS n'), [{ n: '18446744073709551615' }])
  await warehouse.command('INSERT INTO house.rooms VALUES (7)')
  t.same(await warehouse.query('SELECT n FROM house.rooms', {}, { readonly: true }), [{ n: 7 }])
  for (const write of ['INSERT INTO house.rooms VALUES (8)', 'DROP TABLE house.rooms', 'SET readonly = 0'])
    await t.rejects(warehouse.show(write), { code: 'STORE_REFUSED' }, write)
  t.same(await warehouse.query('SELECT n FROM house.rooms'), [{ n: 7 }])
})

t.test('a table named without a database is one of the own', async t => {
  const warehouse = await openChdb(join(temporaryFolder(t), 'data'), 'house')
  t.teardown(() => warehouse.close())
  await warehouse.command('CREATE DATABASE house')
  await warehouse.command('CREATE TABLE house.rooms (n UInt64) ENGINE = MergeTree ORDER BY n')
  t.same(await warehouse.show('SELECT count() AS n FROM rooms'), [{ n: 0 }])
})
