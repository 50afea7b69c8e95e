import fc from 'fast-check'
import t from 'tap'
import { parseRows } from '../../../connectors/csv/parse.ts'
import { type Row, type RowLimits, RowReader } from '../../../connectors/csv/rows.ts'

function rowsOf(bytes: Buffer, cuts: readonly number[] = [], delimiter = ',', limits?: RowLimits): Row[] {
  const reader = new RowReader(delimiter, limits)
  const at = [0, ...cuts.map(c => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const rows = at.slice(1).flatMap((end, i) => [...reader.push(Buffer.from(bytes.subarray(at[i], end)))])
  return [...rows, ...reader.end()]
}
const show = (rows: Row[], delimiter = ',') => parseRows(rows, delimiter).map((p, i) => [rows[i]!.line, p])
const shown = (text: string, limits?: RowLimits) => show(rowsOf(Buffer.from(text), [], ',', limits))

t.test('quoted values with commas, quotes and line ends', async t => {
  t.same(shown('a,"b, ""c""\r\nd",e\r\n\r\nf, "g" ,5" screen\n"",h'), [
    [1, ['a', 'b, "c"\r\nd', 'e']],
    [4, ['f', 'g', '5" screen']],
    [5, ['', 'h']],
  ])
})

t.test('a stray quote costs its own line and no other', async t => {
  t.same(shown('a,"b\nc,d\ne,f\n'), [
    [1, { problem: 'a quoted value is never closed' }],
    [2, ['c', 'd']],
    [3, ['e', 'f']],
  ])
  t.same(shown('a,"b\nc,"d"\ne,f"\n'), [
    [1, { problem: 'a quoted value is never closed' }],
    [2, ['c', 'd']],
    [3, ['e', 'f"']],
  ])
  t.same(shown('a,"b"x\nc,d\n'), [
    [1, { problem: 'text follows a closing quote' }],
    [2, ['c', 'd']],
  ])
  const many = shown(`a,"b\n${'c,d\n'.repeat(300)}`, { maxBytes: 1000, maxLines: 20 })
  t.same(many[0], [1, { problem: 'a quoted value is never closed' }])
  t.equal(many.length, 301)
  t.ok(many.slice(1).every(([, values]) => Array.isArray(values)))
})

t.test('a long row is handed on as rejected, with its bytes, and the next are read', async t => {
  const long = Buffer.concat([Buffer.from('a,"'), Buffer.alloc(5000, 'x'), Buffer.from('\n')])
  const rows = rowsOf(Buffer.concat([Buffer.from('q,"\n'), long, Buffer.from('b,c\n')]), [100, 2000], ',', {
    maxBytes: 1000,
    maxLines: 20,
  })
  t.same(
    rows.map(row => [row.line, row.problem]),
    [
      [1, 'a quoted value is never closed'],
      [2, 'a row of 5004 bytes (1000 at most)'],
      [3, null],
    ],
  )
  t.ok(rows[1]!.bytes.equals(long))
})

t.test('bytes that are not UTF-8 cost their row', async t => {
  const rows = rowsOf(
    Buffer.concat([Buffer.from('é,1\n'), Buffer.from('Caf\xe9,2\n', 'latin1'), Buffer.from('ü,3')]),
  )
  t.same(show(rows), [
    [1, ['é', '1']],
    [2, { problem: "is not valid UTF-8 after 'Caf': save the file as UTF-8" }],
    [3, ['ü', '3']],
  ])
})

t.test('carriage returns alone end lines too', async t => {
  t.same(shown('a,b\rc,d\r'), [
    [1, ['a', 'b']],
    [2, ['c', 'd']],
  ])
})

const value = fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '"', '\n', '\r\n', ' ', 'é', '😀') })
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

t.test('law: what is written by RFC 4180 is read back, wherever the bytes are cut', async () => {
  const table = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 20 })
  const cuts = fc.array(fc.nat(), { maxLength: 5 })
  fc.assert(
    fc.property(
      table,
      cuts,
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(',', ';'),
      (rows, at, end, delimiter) => {
        const text = rows.map(values => values.map(quoted).join(delimiter) + end).join('')
        // Begins with a line that settles what ends a line.
        const read = rowsOf(Buffer.from(`x${end}${text}`), at, delimiter).slice(1)
        return JSON.stringify(parseRows(read, delimiter)) === JSON.stringify(rows)
      },
    ),
  )
})

t.test('law: no byte of any file is lost, whatever is in it', async () => {
  const bytes = fc.array(fc.constantFrom(...Buffer.from('a,"\n\r é'), 0xff, 0), { maxLength: 200 })
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 5 }), (list, cuts) => {
      const all = Buffer.from([...Buffer.from('x\n'), ...list])
      const rows = rowsOf(all, cuts, ',', { maxBytes: 30, maxLines: 3 })
      const plain = (b: Buffer) => b.toString('latin1').replace(/[\s]/g, '')
      const values = parseRows(rows, ',')
      return plain(Buffer.concat(rows.map(r => r.bytes))) === plain(all) && values.length === rows.length
    }),
  )
})
