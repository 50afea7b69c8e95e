import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import type { TextFormat } from '../../../plugins/files/format.ts'
import { formatOf } from '../../../plugins/files/format.ts'
import { type JsonRow, readJsonRows } from '../../../plugins/files/json-rows.ts'
import { JsonValues } from '../../../plugins/files/json-values.ts'
import { Lines } from '../../../plugins/files/lines.ts'
import type { FileEntry } from '../../../plugins/files/listing.ts'
import { collect, folder, live, write } from './support.ts'

async function rowsOf(file: FileEntry, options: { from?: number; size?: number; rowLimit?: number } = {}) {
  const format = (await formatOf(file)) as TextFormat
  const batches = await collect(readJsonRows(file, format, { signal: live(), ...options }))
  return batches.flatMap(batch => batch.rows as JsonRow[])
}
const values = (rows: readonly JsonRow[]) => rows.map(row => row.fault ?? row.value)

t.test('a value a line; blank lines count, CRLF and a byte order mark do not', async t => {
  const file = await write(folder(t), 'a.ndjson', '\uFEFF{"a":1}\r\n\r\n  \n{"a":2}')
  const rows = await rowsOf(file)
  t.same(values(rows), [{ a: 1 }, { a: 2 }])
  t.same(
    rows.map(row => row.origin),
    ['a.ndjson line 1', 'a.ndjson line 4'],
  )
})

t.test('an array, objects over several lines, and arrays one after the other', async t => {
  const dir = folder(t)
  const text = '[ {"a":"]},{\\""},\n {"b":[1,{"c":2}]} , 3 ]\n[{"d":4}]\n'
  t.same(values(await rowsOf(await write(dir, 'a.json', text))), [
    { a: ']},{"' },
    { b: [1, { c: 2 }] },
    3,
    { d: 4 },
  ])
  t.same(values(await rowsOf(await write(dir, 'b.json', '{\n "a": 1\n}\n{\n "a": 2\n}\n'))), [
    { a: 1 },
    { a: 2 },
  ])
  t.same(values(await rowsOf(await write(dir, 'c.json', '[]'))), [])
})

t.test('bad rows are told with their bytes and do not stop the next', async t => {
  const dir = folder(t)
  const bytes = Buffer.concat([
    Buffer.from('{"a":1}\n{"a":\n{"b":"'),
    Buffer.from([0xff]),
    Buffer.from('"}\n{"a":2}\n{"a'),
  ])
  const rows = await rowsOf(await write(dir, 'a.ndjson', bytes))
  t.same(values(rows), [
    { a: 1 },
    'not valid JSON (it ends too early)',
    'not valid UTF-8',
    { a: 2 },
    'truncated last line: not valid JSON (it ends too early)',
  ])
  t.equal(rows[1]!.bytes.toString(), '{"a":')
  t.equal(rows[2]!.bytes.length, 9)
  t.match(values(await rowsOf(await write(dir, 'a.json', '[{"a":1},{"a":}, {"a":2'))), [
    { a: 1 },
    /not valid JSON/,
    /truncated: the closing \] is missing; 2 rows read before/,
  ])
})

t.test('a row over the limit is handed on whole', async t => {
  const big = JSON.stringify({ a: 'x'.repeat(3_000_000) })
  const rows = await rowsOf(await write(folder(t), 'a.ndjson', `{"a":1}\n${big}\n{"a":2}\n`))
  t.equal(rows.length, 3)
  t.match(rows[1]!.fault, /3000008 bytes, more than the limit/)
  t.equal(rows[1]!.bytes.toString(), big)
  t.same(rows[2]!.value, { a: 2 })
})

t.test('integers beyond 2^53 keep their digits', async t => {
  const text = '{"a":9007199254740993,"b":"x 12345678901234567890","c":1.5e300,"d":-12345678901234567890}'
  t.same(values(await rowsOf(await write(folder(t), 'a.ndjson', text))), [
    { a: '9007199254740993', b: 'x 12345678901234567890', c: 1.5e300, d: '-12345678901234567890' },
  ])
})

t.test('gzip: the same rows, and a truncated file tells how many came before', async t => {
  const dir = folder(t)
  const lines = Array.from({ length: 50_000 }, (_, i) => `{"i":${i},"r":"${(i * 2654435761) % 4294967296}"}`)
  const zipped = gzipSync(lines.join('\n'))
  const whole = await rowsOf(await write(dir, 'a.ndjson.gz', zipped))
  t.equal(whole.length, lines.length)
  const cut = await write(dir, 'b.json.gz', zipped.subarray(0, zipped.length / 2))
  const rows = await rowsOf(cut)
  const last = rows.at(-1)!
  t.match(
    last.fault,
    new RegExp(`gzip data is damaged or truncated .*; ${rows.length - 1} lines read before`),
  )
  t.same(values(rows.slice(0, -1)), values(whole.slice(0, rows.length - 1)))
  t.same(values(await rowsOf(cut, { from: rows.length - 3 })), values(rows.slice(-3)))
})

t.test('reading from any row gives the rest', async t => {
  const dir = folder(t)
  const array = await write(dir, 'a.json', '[{"a":1},{"a":2},{"a":3}]')
  const lines = await write(dir, 'a.ndjson', '{"a":1}\n\n{"a":2}\n{"a":3}')
  for (const file of [array, lines]) {
    const all = await rowsOf(file)
    const format = (await formatOf(file)) as TextFormat
    for (const { position } of await collect(readJsonRows(file, format, { signal: live(), size: 1 }))) {
      const rest = await rowsOf(file, { from: position })
      t.same(
        rest.map(row => row.origin),
        all.map(row => row.origin).filter((_, i) => Number(all[i]!.origin.split(' ').at(-1)) > position),
      )
    }
  }
})

t.test('where chunks end makes no difference', async () => {
  const json = fc.json({ maxDepth: 3 }).map(text => `{"v":${text}}`)
  await fc.assert(
    fc.property(fc.array(json), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (rows, sizes) => {
      for (const text of [rows.join('\n'), `[${rows.join(',\n')}]`]) {
        const splitter = text.startsWith('[') ? new JsonValues() : new Lines()
        const found: string[] = []
        const bytes = Buffer.from(text)
        for (let at = 0, k = 0; at < bytes.length; k++) {
          const size = sizes[k % sizes.length]!
          for (const row of splitter.push(bytes.subarray(at, at + size)))
            if (row) found.push(row.bytes.toString())
          at += size
        }
        const { row } = splitter.end()
        if (row) found.push(row.bytes.toString())
        if (JSON.stringify(found) !== JSON.stringify(rows)) return false
      }
      return true
    }),
  )
})
