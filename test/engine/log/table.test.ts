import t, { type Test } from 'tap'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { LogTable } from '../../../engine/log/table.ts'
import { temporaryFolder } from '../../support/folder.ts'

const TOPIC = 'stratum.rows'

function opened(t: Test): LmdbLog {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  return log
}

t.test('the rows of a table are the last ones put, also for who opens it later', async t => {
  const log = opened(t)
  const table = await LogTable.open<{ n: number }>(log, TOPIC)
  await table.put('a', { n: 1 })
  await table.put('b', { n: 2 })
  await table.put('a', { n: 3 })
  await table.put('b', null)
  await table.putAll([])
  t.strictSame([...table.rows], [['a', { n: 3 }]])
  await log.clean(Number.MAX_SAFE_INTEGER)
  t.strictSame([...(await LogTable.open(log, TOPIC)).rows], [['a', { n: 3 }]])
})

t.test('who opens a table writes it from then on; the one before reads on', async t => {
  const log = opened(t)
  const first = await LogTable.open<number>(log, TOPIC)
  await first.put('a', 1)
  const second = await LogTable.open<number>(log, TOPIC)
  await second.put('b', 2)
  await t.rejects(first.put('c', 3), { code: 'WRITER_FENCED' })
  await first.refresh()
  t.strictSame([...first.rows], [...second.rows])
})

t.test('rows go in together, with what is committed beside them, or not at all', async t => {
  const log = opened(t)
  await log.ensureTopic({ name: 'beside', partitions: 1, cleanup: 'delete' })
  const table = await LogTable.open<number>(log, TOPIC)
  const record = { key: Buffer.from('k'), value: Buffer.from('v'), time: 1 }
  const rows = [
    ['a', 1],
    ['b', 2],
  ] as const
  const to = (topic: string) => ({ appends: [{ topic, partition: 0, records: [record] }] })
  await t.rejects(table.putAll(rows, 0, to('missing')), { code: 'TOPIC_UNKNOWN' })
  t.equal(table.rows.size, 0)
  await table.putAll(rows, 0, to('beside'))
  t.equal(table.rows.size, 2)
  t.equal((await log.bounds('beside', 0)).end, 1)
})
