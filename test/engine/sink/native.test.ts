import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { NativeBlock } from '../../../engine/sink/native.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import type { Warehouse } from '../../../engine/store/warehouse.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { COLUMNS, SAMPLES, TYPES } from './columns.ts'

type Row = Readonly<Record<string, unknown>>

const rowOf = fc.record(
  Object.fromEntries(COLUMNS.map(({ name, type }) => [name, SAMPLES[type].values])),
) as fc.Arbitrary<Row>
const [anyRow] = fc.sample(rowOf, { numRuns: 1, seed: 1 })

let warehouse: Warehouse

t.before(async () => {
  warehouse = await openChdb(join(temporaryFolder(t), 'data'))
  const columns = COLUMNS.map(c => `${c.name} ${c.type}`).join(', ')
  await warehouse.command('CREATE DATABASE blocks')
  await warehouse.command(`CREATE TABLE blocks.every (${columns}, n UInt32) ENGINE = Memory`)
})
t.teardown(() => warehouse.close())

/** What a warehouse holds after a block of these rows, the table having been empty. */
async function through(rows: readonly Row[]): Promise<Row[]> {
  const block = new NativeBlock(COLUMNS, [{ name: 'n', type: 'UInt32' }])
  rows.forEach((row, n) => {
    block.append(row, [n])
  })
  await warehouse.command('TRUNCATE TABLE blocks.every')
  const { columns } = block
  await warehouse.insert({
    database: 'blocks',
    table: 'every',
    columns,
    native: block.finish(),
    rows: block.rows,
    token: 'a',
  })
  const read = COLUMNS.map(c => `${SAMPLES[c.type].read?.(c.name) ?? c.name} AS ${c.name}`)
  return warehouse.query<Row>(`SELECT ${read.join(', ')} FROM blocks.every ORDER BY n`)
}

function wanted(row: Row): Row {
  const entries = COLUMNS.map(({ name, type }) => {
    const want = SAMPLES[type].want as ((value: unknown) => unknown) | undefined
    return [name, want ? want(row[name]) : row[name]]
  })
  return Object.fromEntries(entries) as Row
}

t.test('what goes in comes out, whatever the type and the value', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 30 }), async rows => {
      t.strictSame(await through(rows), rows.map(wanted))
      return t.passing()
    }),
    { numRuns: 40 },
  )
})

t.test('more rows than a buffer was made for', async t => {
  const rows = fc.sample(rowOf, { numRuns: 3_000, seed: 7 })
  t.strictSame(await through(rows), rows.map(wanted))
})

t.test('a value that does not fit its column is refused, and the block is as it was', async t => {
  for (const [i, type] of TYPES.entries())
    for (const value of SAMPLES[type].refused) {
      const block = new NativeBlock(COLUMNS)
      block.append(anyRow!)
      const what = `${type} ${JSON.stringify(value) ?? 'undefined'} (${String(value)})`
      const before = { rows: block.rows, bytes: block.bytes }
      t.throws(
        () => block.append({ ...anyRow, [`c${i}`]: value }),
        { name: 'RangeError', message: `c${i}` },
        what,
      )
      t.same({ rows: block.rows, bytes: block.bytes }, before, what)
      const same = new NativeBlock(COLUMNS)
      same.append(anyRow!)
      t.ok(block.finish().equals(same.finish()), what)
    }
})

t.test('a column is taken from its field, or from the record as a whole', async t => {
  const { columns, rows, bytes } = (() => {
    const block = new NativeBlock([
      { name: 'tenant_id', type: 'LowCardinality(String)' },
      { name: 'both', type: 'Array(LowCardinality(String))', value: r => [r.tenant_id, r.other] },
    ])
    block.append({ tenant_id: 'a', other: 'b' })
    return { columns: block.columns, rows: block.rows, bytes: block.finish() }
  })()
  t.same(columns, [
    { name: 'tenant_id', type: 'String' },
    { name: 'both', type: 'Array(String)' },
  ])
  t.equal(rows, 1)
  const head = '\x02\x01\x09tenant_id\x06String\x01a\x04both\x0dArray(String)'
  t.same(bytes, Buffer.from(`${head}\x02\0\0\0\0\0\0\0\x01a\x01b`, 'latin1'))
})
