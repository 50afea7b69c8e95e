import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { csvRows } from '../../pipelines/csv-rows.ts'
import { models } from '../../pipelines/models.ts'
import { temporaryFolder } from '../support/folder.ts'

async function rowsOf(file: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const { record, line } of csvRows(file, ['name'], new AbortController().signal))
    rows.push([line, record])
  return rows
}

function file(t: Test, text: string): string {
  const path = join(temporaryFolder(t), 'some.csv')
  writeFileSync(path, text)
  return path
}

t.test('a folder was told of as EISDIR, without its path or what to do', async t => {
  const folder = temporaryFolder(t)
  await t.rejects(rowsOf(folder), { code: 'USAGE', message: `${folder} is a folder: name a CSV file in it` })
  const inFile = join(file(t, 'name'), 'x.csv')
  for (const missing of [inFile, join(folder, 'x.csv')])
    await t.rejects(rowsOf(missing), { code: 'NOT_FOUND', message: `there is no file ${missing}` })
  for (const { usage, load } of models.filter(model => model.usage.endsWith('<file>'))) {
    const answer = (await load()).run({
      args: [folder],
      options: { zone: 'UTC', model: 'ses', horizon: 1, detector: 'record' },
      lines: () => {
        throw new Error('it reads no stdin')
      },
      signal: new AbortController().signal,
    })
    const asked: Promise<unknown> =
      Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer
    await t.rejects(asked, { code: 'USAGE', message: / is a folder: / }, usage)
  }
})

t.test(
  'rows of another width and quotes that are not closed were told in the words of a library',
  async t => {
    const says = (text: string, line: number, why: RegExp) =>
      t.rejects(
        rowsOf(file(t, text)),
        { code: 'RECORD_INVALID', message: new RegExp(`some\\.csv, line ${line}: ${why.source}$`) },
        text,
      )
    await says(
      'name,value\na,1\nb,1,2\n',
      3,
      /3 values for 2 columns: put quotes around one with a comma in it/,
    )
    await says('name,value\r\na,1\r\n\r\nb\r\n', 4, /1 value for 2 columns: leave empty what is not known/)
    await says('name,value\na,1\n"b,2\nc,3\n', 3, /a quote that is opened here or below is never closed: .*/)
    await says('"name,value\na,1\n', 1, /a quote that is opened here .*/)
    await says('name,value\na,1\nb"x,2\n', 3, /a quote in the middle of a value: .* write "" for one inside/)
    await says('name,value\n"a"x,1\n', 2, /a quote in the middle of a value: .*/)
    const long = Array.from({ length: 20_000 }, (_, i) => `a${i},1`).join('\n')
    await says(`name,value\n${long}\n"b,1\n`, 20_002, /a quote that is opened here .*/)
  },
)

t.test('values in quotes may have commas, quotes and lines in them', async t => {
  t.strictSame(await rowsOf(file(t, '\ufeffName , value\n"a ""b"", c\nd",1\n\ne,\n')), [
    [3, { name: 'a "b", c\nd', value: '1' }],
    [5, { name: 'e', value: '' }],
  ])
})
