import type { TopicSpec } from '../../../engine/log/port.ts'
import { append, keys, readAll, record, type Subject, type Test, topicOn, unique } from './subject.ts'

/** Topics are made once and compared ever after. */
export function topics(t: Test, subject: Subject): void {
  t.test('a topic is listed as it was made, and making it again changes nothing', async t => {
    const { log } = await subject.fresh(t)
    const specs: TopicSpec[] = [
      { name: unique('events'), partitions: 3, cleanup: 'delete', retentionMs: 86_400_000 },
      { name: unique('table'), partitions: 1, cleanup: 'compact' },
      { name: unique('results'), partitions: 2, cleanup: 'delete', growable: true, retentionBytes: 1 << 30 },
    ]
    for (const spec of [...specs, ...specs]) await log.ensureTopic(spec)
    const listed = await log.topics()
    for (const spec of specs)
      t.strictSame(
        listed.filter(found => found.name === spec.name),
        [spec],
      )
  })

  t.test('a topic that is there otherwise is refused with the difference', async t => {
    const { log } = await subject.fresh(t)
    const name = await topicOn(log, { partitions: 2 })
    const growable = await topicOn(log, { partitions: 2, growable: true })
    const refused = (spec: TopicSpec, message: RegExp) =>
      t.rejects(log.ensureTopic(spec), { code: 'TOPIC_MISMATCH', message })
    await refused({ name, partitions: 4, cleanup: 'delete' }, /partitions is 2, this release needs 4/)
    await refused(
      { name, partitions: 2, cleanup: 'compact' },
      /cleanup is delete, this release needs compact/,
    )
    await refused(
      { name: growable, partitions: 1, cleanup: 'delete', growable: true },
      /partitions is 2, this release needs 1/,
    )
    t.strictSame(
      (await log.topics()).filter(found => found.name === name),
      [{ name, partitions: 2, cleanup: 'delete' }],
    )
  })

  t.test('a growable topic grows and keeps what it holds', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const name = await topicOn(log, { partitions: 1, growable: true })
    await append(writer, name, [record('a', 'v')])
    await topicOn(log, { name, partitions: 3, growable: true })
    await append(writer, name, [record('b', 'v')], 2)
    t.strictSame(keys(await readAll(log, name, 0)), ['a'])
    t.strictSame(keys(await readAll(log, name, 1)), [])
    t.strictSame(keys(await readAll(log, name, 2)), ['b'])
  })

  t.test('a retention may change', async t => {
    const { log } = await subject.fresh(t)
    const name = await topicOn(log, { retentionMs: 1000 })
    await topicOn(log, { name, retentionMs: 5000 })
    t.match(
      (await log.topics()).find(found => found.name === name),
      { retentionMs: 5000 },
    )
  })
}
