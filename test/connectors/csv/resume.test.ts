import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { sourceContext } from '../../../engine/source/context.ts'
import { check, folder, HEADER, MODIFIED, put, read, row } from './harness.ts'

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => row(from + i))
const table = (rows: string[]) => [HEADER, ...rows].join('\n')

function files() {
  const bad = row(9, { currency: 'XXQ' })
  return {
    'a.csv': table([...lines(0, 1500), bad, row(3), ...lines(1500, 2600)]),
    'b.csv': '',
    'c.csv.gz': gzipSync(table([row(1), bad, row(2)])),
    'd.csv': table([]),
    'e.csv.gz': gzipSync(table(lines(0, 3000))).subarray(0, 6000),
  }
}

for (const duplicates of ['reject', 'sum'])
  t.test(`from every state the rest follows, nothing lost or twice (${duplicates})`, async t => {
    const path = folder(t, files())
    await check({ path, mapping: 'generic' })
    const config = { path, mapping: 'generic', duplicates }
    const whole = await read(config)
    t.ok(whole.states.length >= 9)
    for (const [i, state] of whole.states.entries()) {
      const rest = await read(config, state)
      const batches = whole.batches.slice(i + 1)
      t.same(
        rest.records,
        batches.flatMap(b => b.records),
        `records after state ${i}`,
      )
      t.same(
        rest.rejected,
        batches.flatMap(b => b.rejected),
        `rejected after state ${i}`,
      )
    }
  })

t.test('new and changed files are read, files that are done are not', async t => {
  const path = folder(t, { 'b.csv': table(lines(0, 3)) })
  const first = await read({ path, mapping: 'generic' })
  put(join(path, 'a.csv'), table(lines(10, 12)))
  const second = await read({ path, mapping: 'generic' }, first.states.at(-1))
  t.same(
    second.records.map(r => r.ad_id),
    ['10', '11'],
  )
  put(join(path, 'b.csv'), table(lines(0, 4)), MODIFIED + 60)
  const third = await read({ path, mapping: 'generic' }, second.states.at(-1))
  t.same(
    third.records.map(r => [r.ad_id, r.as_of]),
    ['0', '1', '2', '3'].map(id => [id, (MODIFIED + 60) * 1e6]),
  )
  const fourth = await read({ path, mapping: 'generic' }, third.states.at(-1))
  t.same(fourth.records, [])
  const other = await read({ path, mapping: 'generic', account_id: 'z' }, third.states.at(-1))
  t.equal(other.records.length, 6, 'another mapping reads the files anew')
})

t.test('a file that changes while it is read is tried again', async t => {
  const path = folder(t, { 'a.csv': table(lines(0, 3)) })
  const csv = (await import('../../../connectors/csv/index.ts')).default
  const config = { path, mapping: 'generic' }
  const batches = csv.read('ad_reports', { ...sourceContext({ config }), state: null })
  await t.rejects(
    async () => {
      for await (const _ of batches) put(join(path, 'a.csv'), table(lines(0, 4)), MODIFIED + 1)
    },
    { kind: 'retryable', message: /a\.csv changed while it was being read/ },
  )
})

t.test('an abort ends the reading after the batch', async t => {
  const path = folder(t, files())
  const csv = (await import('../../../connectors/csv/index.ts')).default
  const abort = new AbortController()
  const config = { path, mapping: 'generic' }
  let batches = 0
  for await (const _ of csv.read('ad_reports', {
    ...sourceContext({ config, signal: abort.signal }),
    state: null,
  })) {
    batches++
    abort.abort()
  }
  t.equal(batches, 1)
  await t.rejects(read(config, { version: 2, files: {} }), { kind: 'fatal', message: /state of version 2/ })
})
