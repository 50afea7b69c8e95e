import {
  Bool,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Struct,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import t from 'tap'
import { ParquetDecoder } from '../../../plugins/files/parquet/decoder.ts'
import { collect, folder, live, parquetBytes, write } from './support.ts'

const record = new Struct([new Field('a', new Utf8(), true), new Field('n', new Int64(), true)])

const table = () =>
  new Table({
    text: vectorFromArray(['a', null, 'Grüße, größer als zweiunddreißig Zeichen', ''], new Utf8()),
    large: vectorFromArray(['a', 'bc', null, 'd'], new LargeUtf8()),
    word: vectorFromArray(['x', 'y', null, 'x'], new Dictionary(new Utf8(), new Int32())),
    big: vectorFromArray([1n, -1n, 9007199254740993n, null], new Int64()),
    small: vectorFromArray([1, null, -7, 2147483647], new Int32()),
    real: vectorFromArray([1.5, null, Number.NaN, 58], new Float64()),
    half: vectorFromArray([1.5, 0.25, null, 2], new Float32()),
    flag: vectorFromArray([true, false, null, true], new Bool()),
    at: vectorFromArray([1_600_000_000_123, 0, null, 1], new TimestampMillisecond()),
    record: vectorFromArray([{ a: 'x', n: 1n }, null, { a: null, n: 3n }, { a: 'y', n: null }], record),
    list: vectorFromArray(
      [[{ a: 'x', n: 1n }], [], null, [null, { a: 'y', n: 2n }]],
      new List(new Field('item', record, true)),
    ),
  })

const expected = {
  text: ['a', null, 'Grüße, größer als zweiunddreißig Zeichen', ''],
  large: ['a', 'bc', null, 'd'],
  word: ['x', 'y', null, 'x'],
  big: [1, -1, '9007199254740993', null],
  small: [1, null, -7, 2147483647],
  real: [1.5, null, Number.NaN, 58],
  half: [1.5, 0.25, null, 2],
  flag: [true, false, null, true],
  at: [1_600_000_000_123_000, 0, null, 1000],
  record: [{ a: 'x', n: 1 }, null, { a: null, n: 3 }, { a: 'y', n: null }],
  list: [[{ a: 'x', n: 1 }], [], null, [null, { a: 'y', n: 2 }]],
}

t.test('every type reads as the value it holds, whichever rows are asked for', async t => {
  const file = await write(folder(t), 'a.parquet', parquetBytes(table(), 2))
  const decoder = new ParquetDecoder()
  t.teardown(() => decoder.end())
  for (let from = 0; from <= 4; from++) {
    for (const [name, values] of Object.entries(expected)) {
      const parquet = await decoder.open(file, live())
      t.equal(parquet.rows, 4)
      const batches = await collect(parquet.read([name], from, 3))
      const found = batches.flatMap(batch =>
        Array.from({ length: batch.columns.length }, (_, i) => batch.columns.row(i)[name]).slice(batch.skip),
      )
      t.same(found, values.slice(from), `${name} from ${from}`)
    }
  }
})

t.test('a column or field that is not there reads as null; texts are as JSON shows them', async t => {
  const file = await write(folder(t), 'a.parquet', parquetBytes(table()))
  const decoder = new ParquetDecoder()
  t.teardown(() => decoder.end())
  const [batch] = await collect((await decoder.open(file, live())).read(['record', 'real', 'list'], 0, 10))
  const { columns } = batch!
  t.equal(columns.column('nothing').text(0), null)
  t.equal(columns.column('record.nothing').text(0), null)
  t.same(
    [0, 1, 2, 3].map(i => columns.column('record.n').text(i)),
    ['1', null, '3', null],
  )
  t.equal(columns.column('real').text(2), 'NaN')
  t.equal(columns.column('real').text(3), '58')
  t.equal(columns.column('list').text(0), '[{"a":"x","n":1}]')
})
