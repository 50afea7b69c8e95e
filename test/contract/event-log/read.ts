import assert from 'node:assert/strict'
import fc from 'fast-check'
import { append, keys, readAll, record, type Subject, type Test, topicOn, unique } from './subject.ts'

/** Reading from anywhere, in pieces of any size, and waiting for what is not there yet. */
export function reading(t: Test, subject: Subject): void {
  t.test('from any offset, with any limits, nothing is missed and nothing comes twice', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log)
    for (let commit = 0; commit < 10; commit++)
      await append(
        writer,
        topic,
        Array.from({ length: 30 }, (_, i) => record(`${commit}.${i}`, Buffer.alloc((commit * 97) % 400))),
      )
    const all = await readAll(log, topic)
    const { start, end } = await log.bounds(topic, 0)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: end }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 50_000 }),
        async (from, maxRecords, maxBytes) => {
          const first = await log.read(topic, 0, from, { maxRecords, maxBytes })
          if (from < end) assert.ok(first !== null && first.records.length <= maxRecords)
          const found = await readAll(log, topic, 0, from, { maxRecords, maxBytes })
          assert.deepEqual(
            found.map(r => r.offset),
            all.map(r => r.offset).filter(offset => offset >= from),
          )
        },
      ),
      { numRuns: 60 },
    )
    t.pass('for any offset and limits')
  })

  t.test('a record larger than the limit is read all the same', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log)
    for (const name of ['a', 'b', 'c']) await append(writer, topic, [record(name, Buffer.alloc(300_000))])
    t.strictSame(keys(await readAll(log, topic, 0, undefined, { maxBytes: 1 })), ['a', 'b', 'c'])
  })

  t.test('maxBytes keeps a read small', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    const records = Array.from({ length: 400 }, (_, i) => record(`${i}`, Buffer.alloc(20_000)))
    await append(await log.writer(unique('group')), topic, records)
    const { start } = await log.bounds(topic, 0)
    const batch = await log.read(topic, 0, start, { maxBytes: 100_000 })
    const size = batch!.records.reduce((sum, r) => sum + r.value!.length, 0)
    t.ok(size > 0 && size < 1_000_000, `${size} bytes of 8,000,000`)
  })

  t.test('the end of a partition is null, and not an error', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    const empty = await log.bounds(topic, 0)
    t.equal(empty.start, empty.end)
    t.equal(await log.read(topic, 0, empty.end), null)
    await append(await log.writer(unique('group')), topic, [record('a', 'v')])
    const { end } = await log.bounds(topic, 0)
    t.equal(await log.read(topic, 0, end), null)
  })

  t.test('an offset outside the partition is an error, never a silent reset', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    await append(await log.writer(unique('group')), topic, [record('a', 'v'), record('b', 'v')])
    const { start, end } = await log.bounds(topic, 0)
    for (const from of [start - 1, end + 1, end + 1_000_000, Number.NaN])
      await t.rejects(log.read(topic, 0, from), {
        code: 'OFFSET_OUT_OF_RANGE',
        message: `${topic}/0: offset ${from} `,
      })
  })

  t.test('an unknown topic or partition is named', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log, { partitions: 2 })
    const missing = unique('missing')
    const { signal } = new AbortController()
    const refused = { code: 'TOPIC_UNKNOWN', message: missing }
    await t.rejects(log.read(missing, 0, 0), refused)
    await t.rejects(log.bounds(missing, 0), refused)
    await t.rejects(log.wait(missing, 0, 0, signal), refused)
    for (const partition of [2, -1, 0.5])
      await t.rejects(log.read(topic, partition, 0), { code: 'TOPIC_UNKNOWN', message: topic })
  })

  t.test('waiting ends with the next record, at once where there is one, or when it is given up', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log, { partitions: 2 })
    const stop = new AbortController()
    const at = (await log.bounds(topic, 1)).end
    const waited = log.wait(topic, 1, at, stop.signal)
    await append(writer, topic, [record('a', 'v')], 1)
    await waited
    t.strictSame(keys((await log.read(topic, 1, at))!.records), ['a'])

    await log.wait(topic, 1, at, stop.signal)

    const given = [0, 1].map(async p => log.wait(topic, p, (await log.bounds(topic, p)).end, stop.signal))
    stop.abort()
    await Promise.all(given)
    await log.wait(topic, 0, (await log.bounds(topic, 0)).end, stop.signal)
    t.pass('no wait was left')
  })

  t.test('a reader that waits and reads misses nothing of a busy writer', async t => {
    const { log } = await subject.fresh(t)
    const writer = await log.writer(unique('group'))
    const topic = await topicOn(log)
    const { signal } = new AbortController()
    const total = 300
    const read = async () => {
      const found: string[] = []
      let at = (await log.bounds(topic, 0)).start
      while (found.length < total) {
        const batch = await log.read(topic, 0, at)
        if (batch === null) await log.wait(topic, 0, at, signal)
        else {
          found.push(...keys(batch.records))
          at = batch.next
        }
      }
      return found
    }
    const write = async () => {
      for (let i = 0; i < total; i++) {
        await append(writer, topic, [record(`${i}`, 'v')])
        if (i % 3 === 0) await new Promise<void>(done => setImmediate(done))
      }
    }
    const [found, second] = await Promise.all([read(), read(), write()])
    const wanted = Array.from({ length: total }, (_, i) => `${i}`)
    t.strictSame(found, wanted)
    t.strictSame(second, wanted)
  })
}
