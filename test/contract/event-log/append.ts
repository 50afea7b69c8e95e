import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LogRecord } from '../../../engine/log/port.ts'
import { anyRecord } from './arbitrary.ts'
import {
  append,
  keys,
  pairs,
  plain,
  readAll,
  record,
  type Subject,
  type Test,
  topicOn,
  unique,
} from './subject.ts'

/** What is written comes back: order, offsets, keys, bytes. */
export function appending(t: Test, subject: Subject): void {
  t.test('records come back in order and byte for byte', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyRecord, { maxLength: 8 }), { maxLength: 5 }), async commits => {
        const topic = await topicOn(log)
        for (const records of commits) await append(writer, topic, records)
        const found = await readAll(log, topic)
        assert.deepEqual(found.map(plain), commits.flat().map(plain))
      }),
      { numRuns: 40 },
    )
    t.pass('for any records')
  })

  t.test('offsets grow within a partition, whatever the commits', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { partitions: 3 })
    let written = 0
    for (let commit = 0; commit < 12; commit++)
      for (const partition of [0, 2]) {
        const records = Array.from({ length: (commit % 4) + partition }, () => record(`${written++}`, 'v'))
        await append(writer, topic, records, partition)
      }
    for (const partition of [0, 1, 2]) {
      const offsets = (await readAll(log, topic, partition)).map(r => r.offset)
      const { start, end } = await log.bounds(topic, partition)
      t.strictSame(
        offsets,
        [...new Set(offsets)].sort((a, b) => a - b),
      )
      t.ok(offsets.every(offset => offset >= start && offset < end))
      if (subject.dense) {
        t.equal(start, 0)
        t.strictSame(
          offsets,
          Array.from({ length: end }, (_, i) => i),
        )
      }
    }
    t.equal(await log.read(topic, 1, (await log.bounds(topic, 1)).end), null, 'nothing was written there')
  })

  t.test('several runs of one partition in one commit keep their order', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { partitions: 2 })
    const run = (partition: number, ...names: string[]) => ({
      topic,
      partition,
      records: names.map(name => record(name, name)),
    })
    await writer.commit({ appends: [run(0, 'a', 'b'), run(1, 'x'), run(0), run(0, 'c'), run(1, 'y')] })
    t.strictSame(keys(await readAll(log, topic, 0)), ['a', 'b', 'c'])
    t.strictSame(keys(await readAll(log, topic, 1)), ['x', 'y'])
  })

  t.test('an empty value is not a tombstone', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log, { cleanup: 'compact' })
    await append(await log.writer(unique('group')), topic, [record('empty', ''), record('gone', null)])
    t.strictSame(pairs(await readAll(log, topic)), [
      ['empty', ''],
      ['gone', null],
    ])
  })

  t.test('records of any size up to the largest the engine writes', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log)
    const sizes = [0, 1, 127, 128, 16_383, 16_384, 262_143, 262_144, 1 << 20, 3]
    const sized = (size: number, i: number): LogRecord => record(`${size}`, Buffer.alloc(size, i))
    await append(writer, topic, sizes.map(sized))
    for (const [i, size] of sizes.entries()) await append(writer, topic, [sized(size, i)])
    const found = await readAll(log, topic)
    t.equal(found.length, 2 * sizes.length)
    t.ok(found.every((r, i) => r.value!.equals(sized(sizes[i % sizes.length]!, i % sizes.length).value!)))
  })

  t.test('thousands of records in one commit', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    const records = Array.from({ length: 12_000 }, (_, i) => record(`${i}`, `value ${i}`.padEnd(100)))
    await append(await log.writer(unique('group')), topic, records)
    t.strictSame(keys(await readAll(log, topic)), keys(records))
  })

  t.test('a writer may use its buffers again, a reader may keep what it was given', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log)
    const shared = Buffer.from('first')
    await append(writer, topic, [record('a', shared)])
    const kept = await readAll(log, topic)
    shared.write('again')
    for (let i = 0; i < 50; i++) {
      await append(writer, topic, [record('b', Buffer.alloc(20_000, i))])
      await readAll(log, topic)
    }
    t.strictSame(pairs(kept), [['a', 'first']])
    t.strictSame(pairs((await readAll(log, topic)).slice(0, 1)), [['a', 'first']])
  })
}
