import t from 'tap'
import { openEnv } from '../../../../engine/log/lmdb/env.ts'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import { append, keys, readAll, record, topicOn } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'

t.test('a batch that the disk lost part of is named, and not read as something else', async t => {
  const dir = temporaryFolder(t)
  const log = new LmdbLog(dir)
  const topic = await topicOn(log, { name: 'stratum.facts' })
  const writer = await log.writer('group')
  for (const key of ['a', 'b', 'c']) await append(writer, topic, [record(key, 'value')])
  await log.close()

  const env = openEnv(dir, { durability: 'process' })
  const frames = [...env.frames.getRange({})]
  t.equal(frames.length, 3)
  const { key, value } = frames[1]!
  for (const damaged of [
    Buffer.alloc(value.length),
    value.subarray(0, 20),
    ...[0, 3, 9, value.length - 1].map(at => {
      const copy = Buffer.from(value)
      copy[at]! ^= 0x10
      return copy
    }),
  ]) {
    env.frames.putSync(key, damaged)
    const reader = new LmdbLog(dir)
    await t.rejects(readAll(reader, topic, 0, 1), {
      code: 'LOG_CORRUPT',
      message: /^stratum\.facts\/0 at 1: .*restore the data directory/,
    })
    t.strictSame(keys((await reader.read(topic, 0, 0, { maxRecords: 1 }))!.records), ['a'])
    t.strictSame(keys(await readAll(reader, topic, 0, 2)), ['c'])
    await reader.close()
  }
  await env.root.close()
})
