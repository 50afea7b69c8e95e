import fc from 'fast-check'
import type { Test } from 'tap'
import { NativeBlock } from '../../../engine/sink/native.ts'
import type { InsertBlock } from '../../../engine/store/warehouse.ts'
import { COLUMNS, SAMPLES } from '../../engine/sink/columns.ts'
import type { Things } from '../../support/things.ts'

type Row = Readonly<Record<string, unknown>>

const rowOf = fc.record(
  Object.fromEntries(COLUMNS.map(({ name, type }) => [name, SAMPLES[type].values])),
) as fc.Arbitrary<Row>

/** Blocks of rows are held as they are, once. */
export function holding(t: Test, lab: Things): void {
  const every = COLUMNS.map(c => `${c.name} ${c.type}`).join(', ')
  const made = lab.warehouse.then(async warehouse => {
    await warehouse.command('CREATE DATABASE blocks')
    await warehouse.command(`CREATE TABLE blocks.every (${every}, n UInt32) ENGINE = Memory`)
    return warehouse
  })

  function blockOf(rows: readonly Row[], token = 'a'): InsertBlock {
    const block = new NativeBlock(COLUMNS, [{ name: 'n', type: 'UInt32' }])
    rows.forEach((row, n) => {
      block.append(row, [n])
    })
    const { columns } = block
    return { database: 'blocks', table: 'every', columns, native: block.finish(), rows: block.rows, token }
  }

  /** What a warehouse holds after a block of these rows, the table having been empty. */
  async function through(rows: readonly Row[]): Promise<Row[]> {
    const warehouse = await made
    await warehouse.command('TRUNCATE TABLE blocks.every')
    await warehouse.insert(blockOf(rows))
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

  t.test('a block is known again by its token, over all months it falls into', async t => {
    const warehouse = await made
    const windows = 'non_replicated_deduplication_window = 100, replicated_deduplication_window = 100'
    await warehouse.command(
      `CREATE TABLE blocks.months (${every}, n UInt32) ENGINE = MergeTree PARTITION BY n % 12 ORDER BY n SETTINGS ${windows}`,
    )
    const rows = fc.sample(rowOf, { numRuns: 60, seed: 8 })
    const insert = (token: string) => warehouse.insert({ ...blockOf(rows, token), table: 'months' })
    const count = async () => (await warehouse.query('SELECT count() AS n FROM blocks.months'))[0]
    await insert('first')
    await insert('first')
    await Promise.all([insert('first'), insert('first')])
    t.same(await count(), { n: 60 })
    await Promise.all([insert('second'), insert('second'), insert('second')])
    t.same(await count(), { n: 120 })
  })
}
