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
    const asked = Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer
    await t.rejects(asked, { code: 'USAGE', message: / is a folder: / }, usage)
  }
})
