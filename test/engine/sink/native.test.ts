import fc from 'fast-check'
import t from 'tap'
import { NativeBlock } from '../../../engine/sink/native.ts'
import { COLUMNS, SAMPLES, TYPES } from './columns.ts'

type Row = Readonly<Record<string, unknown>>

const rowOf = fc.record(
  Object.fromEntries(COLUMNS.map(({ name, type }) => [name, SAMPLES[type].values])),
) as fc.Arbitrary<Row>
const [anyRow] = fc.sample(rowOf, { numRuns: 1, seed: 1 })

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
