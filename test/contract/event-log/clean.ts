import {
  append,
  bytes,
  keys,
  pairs,
  readAll,
  record,
  type Subject,
  type Test,
  topicOn,
  unique,
} from './subject.ts'

const HOUR = 3_600_000_000
const DAY = 24 * HOUR
const NOW = 1_768_478_400_000_000

/** Retention and compaction. */
export function cleaning(t: Test, subject: Subject): void {
  t.test('what may be compacted still ends with the last value of every key', async t => {
    const fresh = await subject.fresh(t)
    const { log } = fresh
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { cleanup: 'compact' })
    const model = new Map<string, string | null>()
    for (let round = 0; round < 6; round++) {
      const records = Array.from({ length: 5 + round }, (_, i) => {
        const value = (i + round) % 4 === 0 ? null : `${round}.${i}`
        return record(`key ${(i * 3) % 7}`, value, { time: NOW })
      })
      await append(writer, topic, records)
      for (const [key, value] of pairs(records)) model.set(key, value)
      await log.clean(NOW)
    }
    const { end } = await log.bounds(topic, 0)
    const found = await readAll(log, topic)
    t.strictSame(new Map(pairs(found)), model)
    t.ok(found.every((r, i) => i === 0 || r.offset > found[i - 1]!.offset))
    t.equal((await log.bounds(topic, 0)).end, end, 'offsets are never given twice')
    t.strictSame(pairs(await readAll(await fresh.reopen(), topic)), pairs(found))
  })

  if (!subject.cleansAtOnce) {
    t.comment('retention and compaction happen when the broker likes: not tested further')
    return
  }

  t.test('compaction keeps the last record of each key, at its offset', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { cleanup: 'compact' })
    for (const [key, value] of ['a1', 'b1', 'a2', 'c1', 'b2', 'a3'])
      await append(writer, topic, [record(key!, value!)])
    const before = await readAll(log, topic)
    const last = before.slice(3)
    t.match(await log.clean(NOW), { compactedRecords: 3 })
    t.strictSame(await readAll(log, topic), last)
    t.strictSame(await readAll(log, topic, 0, before[1]!.offset), last, 'from an offset that is gone')
    t.match(await log.clean(NOW), { compactedRecords: 0 }, 'a second time there is nothing to do')
    await append(writer, topic, [record('a', '4')])
    t.ok((await readAll(log, topic)).at(-1)!.offset > before.at(-1)!.offset)
  })

  t.test('a tombstone removes its key, and stays a day for readers that lag', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { cleanup: 'compact' })
    await append(writer, topic, [record('a', 'v', { time: NOW }), record('b', 'v', { time: NOW })])
    await append(writer, topic, [record('a', null, { time: NOW })])
    await log.clean(NOW + HOUR)
    t.strictSame(pairs(await readAll(log, topic)), [
      ['b', 'v'],
      ['a', null],
    ])
    await log.clean(NOW + DAY + 1)
    t.strictSame(pairs(await readAll(log, topic)), [['b', 'v']])
    const { end } = await log.bounds(topic, 0)
    await append(writer, topic, [record('a', 'again', { time: NOW })])
    t.equal((await log.bounds(topic, 0)).end, end + 1)
    t.strictSame(pairs(await readAll(log, topic)), [
      ['b', 'v'],
      ['a', 'again'],
    ])
  })

  t.test('a reader in a gap of compaction, with small reads, missed what came after the gap', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { cleanup: 'compact' })
    await append(writer, topic, [record('kept', Buffer.alloc(2000)), record('a', '1'), record('a', '2')])
    await append(writer, topic, [record('a', '3'), record('b', '1')])
    const all = await readAll(log, topic)
    await log.clean(NOW)
    for (const maxBytes of [1, 100, 5000])
      t.strictSame(keys(await readAll(log, topic, 0, all[1]!.offset, { maxBytes })), ['a', 'b'])
  })

  t.test('a topic of results is not compacted, a compacted one forgets nothing with age', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const results = await topicOn(log)
    const table = await topicOn(log, { cleanup: 'compact' })
    for (const topic of [results, table]) await append(writer, topic, [record('a', '1'), record('a', '2')])
    await log.clean(NOW + 10_000 * DAY)
    t.strictSame(pairs(await readAll(log, results)), [
      ['a', '1'],
      ['a', '2'],
    ])
    t.strictSame(pairs(await readAll(log, table)), [['a', '2']])
  })

  t.test('what is past its age goes, and a reader there is told', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { retentionMs: 3_600_000 })
    for (let i = 0; i < 5; i++) await append(writer, topic, [record(`${i}`, 'v', { time: NOW + i * HOUR })])
    const before = await readAll(log, topic)
    t.match(await log.clean(NOW + 3 * HOUR), { droppedRecords: 2 })
    t.strictSame(keys(await readAll(log, topic)), ['2', '3', '4'])
    t.equal((await log.bounds(topic, 0)).start, before[2]!.offset)
    await t.rejects(log.read(topic, 0, before[1]!.offset), {
      code: 'OFFSET_OUT_OF_RANGE',
      message: `offset ${before[1]!.offset} is gone`,
    })
    await log.clean(NOW + 100 * HOUR)
    const { start, end } = await log.bounds(topic, 0)
    t.equal(start, end)
    await append(writer, topic, [record('5', 'v', { time: NOW + 100 * HOUR })])
    t.strictSame(keys(await readAll(log, topic)), ['5'])
    t.ok((await readAll(log, topic))[0]!.offset > before[4]!.offset, 'offsets are never given twice')
  })

  t.test('what is past the size goes, oldest first', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { retentionBytes: 50_000 })
    for (let i = 0; i < 10; i++) await append(writer, topic, [record(`${i}`, Buffer.alloc(10_000))])
    await log.clean(NOW)
    const left = keys(await readAll(log, topic))
    t.strictSame(left, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].slice(-left.length))
    t.ok(left.length >= 4 && left.length <= 5, `${left.length} of 10,000 bytes each are left`)
  })

  t.test('nothing goes that a group has yet to read', async t => {
    const { log } = await subject.fresh(t)
    const [fast, slow] = [unique('fast'), unique('slow')]
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { partitions: 2, retentionMs: 1, retentionBytes: 1 })
    for (let i = 0; i < 6; i++)
      for (const partition of [0, 1]) await append(writer, topic, [record(`${i}`, 'v')], partition)
    const offsets = (await readAll(log, topic)).map(r => r.offset)
    const at = (group: string, next: number) => ({ group, topic, partition: 0, next })
    await writer.commit({ positions: [at(fast, offsets[5]!), at(slow, offsets[2]!)] })
    await log.clean(NOW + DAY)
    t.strictSame(keys(await readAll(log, topic, 0)), ['2', '3', '4', '5'])
    t.strictSame(keys(await readAll(log, topic, 1)), [], 'nobody has a position there')
    t.strictSame(keys((await log.read(topic, 0, (await log.position(slow, topic, 0))!))!.records).at(0), '2')
    await writer.commit({ positions: [at(slow, offsets[4]!)] })
    await log.clean(NOW + DAY)
    t.strictSame(keys(await readAll(log, topic, 0)), ['4', '5'])
  })

  t.test('cleaning touches neither state nor positions', async t => {
    const { log } = await subject.fresh(t)
    const group = unique('group')
    const writer = await log.writer(group)
    const topic = await topicOn(log, { retentionMs: 1 })
    const store = unique('store')
    await append(writer, topic, [record('a', 'v')], 0, {
      state: [{ store, changes: [{ key: bytes('a'), value: bytes('v') }] }],
    })
    const { end } = await log.bounds(topic, 0)
    await writer.commit({ positions: [{ group, topic, partition: 0, next: end }] })
    t.match(await log.clean(NOW + DAY), { droppedRecords: 1 })
    t.strictSame(log.state(store).get(bytes('a')), bytes('v'))
    t.equal(await log.position(group, topic, 0), end)
    t.equal(await log.read(topic, 0, end), null)
  })
}
