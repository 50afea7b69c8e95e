import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { formatOf } from '../../../plugins/files/format.ts'
import { assertUnchanged, listFiles } from '../../../plugins/files/listing.ts'
import { folder, write } from './support.ts'

t.test('a folder is listed by name, without what is no file', async t => {
  const dir = folder(t)
  for (const name of ['b', 'a', 'B']) writeFileSync(join(dir, name), name)
  mkdirSync(join(dir, 'sub'))
  symlinkSync(join(dir, 'nowhere'), join(dir, 'dangling'))
  const { kind, files, others } = await listFiles(dir)
  t.equal(kind, 'folder')
  t.same(
    files.map(file => file.name),
    ['B', 'a', 'b'],
  )
  t.same(others, ['dangling', 'sub'])
})

t.test('with its folders, by names that are the same on every machine', async t => {
  const dir = folder(t)
  mkdirSync(join(dir, 'b', 'c'), { recursive: true })
  for (const name of ['z', 'b/y', 'b/c/x']) writeFileSync(join(dir, name), name)
  utimesSync(join(dir, 'z'), 0, 1_767_606_000.123456)
  const { files, others } = await listFiles(dir, { recursive: true })
  t.same(
    files.map(file => file.name),
    ['b/c/x', 'b/y', 'z'],
  )
  t.same(others, [])
  t.match(files[2], { size: 1, modified: 1_767_606_000_123_456, fingerprint: '1-1767606000123' })
})

t.test('a path that is not there is a wrong setting', async t => {
  await t.rejects(listFiles(join(folder(t), 'x')), { kind: 'config', message: /does not exist/ })
})

t.test('a file that changes or vanishes is read later', async t => {
  const dir = folder(t)
  const file = await write(dir, 'a', 'one')
  await assertUnchanged(file)
  utimesSync(file.path, 1, 1)
  await t.rejects(assertUnchanged(file), { kind: 'retryable', message: /changed/ })
  rmSync(file.path)
  await t.rejects(assertUnchanged(file), { kind: 'retryable', message: /vanished/ })
})

t.test('the bytes say what a file is, the name where they do not', async t => {
  const dir = folder(t)
  t.same(await formatOf(await write(dir, 'x.csv', 'a,b\n')), { type: 'unknown' })
  t.same(await formatOf(await write(dir, 'x.parquet', 'oops')), { type: 'parquet' })
  t.same(await formatOf(await write(dir, 'y.bin', 'PAR1')), { type: 'parquet' })
  t.same(await formatOf(await write(dir, 'export', ' [{}]')), { type: 'json', layout: 'values' })
  t.same(await formatOf(await write(dir, 'x.ndjson', 'oops')), { type: 'json', layout: 'lines' })
  t.same(await formatOf(await write(dir, 'x.json', '{"a":1}\n{')), {
    type: 'json',
    layout: 'lines',
  })
})
