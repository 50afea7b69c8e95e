import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { chomp, LineCutter } from '../../../plugins/files/lines.ts'
import { headOfText, readText } from '../../../plugins/files/text.ts'
import { collect, folder, live, write } from './support.ts'

const utf16 = (text: string, order: 'le' | 'be') => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}
const FORMS: Readonly<Record<string, (text: string) => Buffer>> = {
  'plain.txt': text => Buffer.from(text),
  'marked.txt': text => Buffer.from(`\uFEFF${text}`),
  'little.txt': text => utf16(text, 'le'),
  'big.txt': text => utf16(text, 'be'),
  'zipped.txt.gz': text => gzipSync(utf16(text, 'le')),
  'zipped-unsaid.txt': text => gzipSync(text),
}

t.test('the same text in every form a file may have it in, over many chunks and none', async t => {
  const dir = folder(t)
  for (const text of ['', 'a', 'é', 'a,b\r\n', 'tschüß 😀\n'.repeat(60_000)])
    for (const [name, form] of Object.entries(FORMS)) {
      const file = await write(dir, name, form(text))
      const found = Buffer.concat(await collect(readText(file, live()))).toString()
      t.ok(found === text, `${name}: ${text.length} characters`)
      t.ok((await headOfText(file, 1000)).equals(Buffer.from(text).subarray(0, 1000)), `${name}: its head`)
    }
})

t.test('of a damaged archive the head is what there is, and the whole says what is wrong', async t => {
  const dir = folder(t)
  const zipped = gzipSync(Array.from({ length: 40_000 }, (_, n) => `line ${n}\n`).join(''))
  const cut = await write(dir, 'cut.txt.gz', zipped.subarray(0, zipped.length >> 1))
  t.match((await headOfText(cut, 20)).toString(), /^line 0\nline 1\n/)
  await t.rejects(collect(readText(cut, live())), { kind: 'payload', message: /damaged or truncated/ })
  const none = await write(dir, 'none.txt.gz', 'no archive')
  t.equal((await headOfText(none, 20)).length, 0)
  await t.rejects(collect(readText(none, live())), { kind: 'payload', message: /incorrect header check/ })
})

t.test('law: lines together are the file, wherever it is cut; each ends where it should', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'é', '\n', '\r\n'), { maxLength: 60 })
    .map(parts => parts.join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 5 }), (content, cuts) => {
      const bytes = Buffer.from(content)
      const at = [0, ...cuts.map(c => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const cutter = new LineCutter()
      const lines = at.slice(1).flatMap((end, i) => cutter.push(bytes.subarray(at[i], end)))
      const last = cutter.end()
      if (last) lines.push(last)
      const whole = Buffer.concat(lines.map(line => line.bytes))
      const plain = lines.map(line => chomp(line.bytes).toString())
      return (
        whole.equals(bytes) &&
        [...plain, ...(last ? [] : [''])].join('|') === content.split(/\r?\n/).join('|')
      )
    }),
  )
})

t.test('carriage returns alone end lines; of a line that is too long only the beginning is kept', async t => {
  const cutter = new LineCutter(4)
  t.same(
    cutter.push(Buffer.from('ab\rcd\re')).map(({ bytes, length }) => [bytes.toString(), length]),
    [
      ['ab\r', 3],
      ['cd\r', 3],
    ],
  )
  cutter.push(Buffer.from('fgh'))
  cutter.push(Buffer.from('ij'))
  const rest = cutter.end()
  t.same([rest?.bytes.toString(), rest?.length], ['efgh', 6])
})
