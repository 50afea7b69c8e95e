import fc from 'fast-check'
import t from 'tap'
import { progress, table } from '../../../../engine/cli/kit/index.ts'
import { progressLine } from '../../../../engine/cli/kit/progress.ts'

t.test('aligned, numbers to the right, unknown is -', async t => {
  const rows = [
    { topic: 'facts', lag: 12, at: new Date(0) },
    { topic: 'persons', lag: null, more: { a: 1n } },
  ]
  t.equal(
    table(rows),
    'topic    lag  at                        more\nfacts     12  1970-01-01T00:00:00.000Z  -\npersons    -  -                         {"a":1}\n',
  )
  t.equal(table(rows, ['lag']), 'lag\n 12\n  -\n')
  t.equal(table([{ stages: ['a', 'b\n'], more: ['a', 1] }]), 'stages  more\na, b\\n  ["a",1]\n')
  t.equal(table([]), '')
})

t.test('one line a row and nothing a terminal would obey, whatever the data', async t => {
  const row = fc.record({ a: fc.string({ unit: 'binary' }), b: fc.option(fc.double()) })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), rows => {
      const lines = table(rows).split('\n')
      return lines.length === rows.length + 2 && lines.every(line => !/\p{Cc}/u.test(line))
    }),
  )
  t.pass()
})

t.test('progress: only on a terminal', async t => {
  const written: string[] = []
  const stream = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) })
  const silent = progress('csv', { stream: stream(false), afterMs: 0, everyMs: 1 })
  silent.update(1)
  silent.end()
  t.strictSame(written, [])
  const bar = progress('csv', { stream: stream(true), afterMs: 0, everyMs: 1 })
  bar.update(12_500, 50_000)
  while (written.length === 0) await new Promise(done => setTimeout(done, 2))
  bar.end()
  t.match(written[0], '[#####---------------]  25%  12,500 / 50,000')
  t.equal(written.at(-1), '\r\u001b[K')
  t.equal(progressLine('tap', 1234, null, 3100), 'tap  1,234  3 s')
})
