import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { decodeOffsets } from '../../../../../engine/log/kafka/state/entry.ts'
import { MAX_RECORD_BYTES } from '../../../../../engine/log/kafka/write/check.ts'
import { MAX_STATE_KEY_BYTES } from '../../../../../engine/log/port.ts'
import { abortable, type FakeProducer, FENCED, fatal, retriable, trouble } from './producer.ts'
import { append, position, state, together, until, valuesOf, writing } from './writing.ts'

/** What the last transaction says of its writer. */
function offsetsOf(fake: FakeProducer) {
  const { records } = fake.committed.at(-1)!
  const last = records.at(-1)!
  assert.equal(last.key, 'ogroup/0')
  return decodeOffsets(Buffer.from(last.value!, 'latin1'))
}

t.test('units asked for together share a transaction, each whole and in order', async t => {
  const { fake, writer, cache } = await writing(t)
  const units = ['1', '2', '3'].map(n => together(append(n), state('sum', n), position(Number(n))))
  await Promise.all(units.map(unit => writer.commit(unit)))
  t.same(valuesOf(fake), [['1', '2', '3']])
  const [transaction] = fake.committed
  t.same(
    transaction!.records
      .filter(r => r.topic === 'state')
      .map(r => [r.key, r.value])
      .slice(0, -1),
    [['sa/t/0\0sum', '3']],
    'of a key only its last change',
  )
  t.same(offsetsOf(fake), {
    seq: 1,
    life: 'a',
    positions: [{ group: 'task.a', topic: 't', partition: 0, next: 3 }],
  })
  t.same(transaction!.offsets, ['task.a t/0 1', 'task.a t/0 2', 'task.a t/0 3'].slice(-1))
  t.equal(cache.reader('a/t/0').get(Buffer.from('sum'))?.toString(), '3')
  t.equal(cache.mark?.seq, 1)
  t.equal(writer.position('task.a', 't', 0), 3)
  t.equal(writer.position('task.a', 't', 1), null)
})

t.test('a unit asked for while another is committed goes into the next transaction', async t => {
  const { fake, writer, cache } = await writing(t)
  fake.hold('commit')
  const first = writer.commit(together(append('1'), state('sum', '1')))
  await until(() => fake.held('commit') === 1)
  const second = writer.commit(together(append('2'), state('sum', '2')))
  t.equal(cache.reader('a/t/0').get(Buffer.from('sum')), undefined, 'nothing is there before it is committed')
  fake.release('commit')
  await first
  await second
  t.same(valuesOf(fake), [['1'], ['2']])
})

t.test('a unit that changes nothing of a group leaves its changelog alone', async t => {
  const { fake, writer } = await writing(t)
  await writer.commit(append('1'))
  t.same(
    fake.committed[0]!.records.map(r => r.topic),
    ['t'],
  )
})

t.test('whatever fails, every unit is committed once, whole and in order', async () => {
  const fault = fc.record({
    call: fc.constantFrom('produce', 'sendOffsets', 'commit', 'abort', 'begin' as const),
    kind: fc.constantFrom('abortable', 'retriable', 'refused' as const),
    after: fc.nat(12),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 4 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
      async (faults, waits) => {
        const ends: (() => void | Promise<void>)[] = []
        const { fake, writer, cache } = await writing({ teardown: end => void ends.push(end) })
        for (const { call, kind, after } of faults)
          if (call === 'produce') fake.fail(call, trouble(-184), after)
          else if (call === 'abort' || call === 'begin' || kind !== 'abortable')
            fake.fail(call, retriable(), after)
          else fake.fail(call, abortable(), after)
        const done: number[] = []
        const all: Promise<void>[] = []
        for (const [n, wait] of waits.entries()) {
          const unit = together(
            append(`${n}a`),
            append(`${n}b`, 'u', 1),
            state('sum', `${n}`),
            position(n + 1),
          )
          all.push(writer.commit(unit).then(() => void done.push(n)))
          if (wait) await all.at(-1)
        }
        await Promise.all(all)
        const ns = waits.map((_, n) => n)
        assert.deepEqual(done, ns)
        assert.deepEqual(
          valuesOf(fake).flat(),
          ns.map(n => `${n}a`),
        )
        assert.deepEqual(
          valuesOf(fake, 'u').flat(),
          ns.map(n => `${n}b`),
        )
        assert.deepEqual(
          valuesOf(fake).map(v => v.length),
          valuesOf(fake, 'u').map(v => v.length),
        )
        assert.equal(offsetsOf(fake).positions[0]!.next, waits.length)
        assert.equal(offsetsOf(fake).seq, fake.committed.length)
        assert.equal(cache.reader('a/t/0').get(Buffer.from('sum'))?.toString(), String(waits.length - 1))
        for (const end of ends.reverse()) await end()
      },
    ),
    { numRuns: 60 },
  )
})

t.test('an outage broke the transaction, and the next unit lost the writer', async t => {
  const { fake, writer, outages } = await writing(t, { commitMs: 1_000 })
  const first = writer.commit(append('1'))
  fake.breakTransaction()
  const second = writer.commit(append('2'))
  await Promise.all([first, second])
  t.same(valuesOf(fake), [['1', '2']])
  t.equal(fake.aborted, 1)
  t.match(outages, [/Kafka does not take writes/])
  t.ok(writer.alive)
})

t.test(
  'an abort undid the transaction before it, which Kafka 4.3 had acknowledged and forgotten, and what came next left it out',
  async t => {
    const { fake, writer } = await writing(t)
    await writer.commit(together(append('1'), state('sum', '1'), position(1)))
    fake.hold('sendOffsets')
    const next = writer.commit(together(append('2'), state('sum', '3'), position(2)))
    await until(() => fake.held('sendOffsets') === 1)
    fake.breakTransaction()
    fake.forgetLast()
    fake.release('sendOffsets')
    await t.rejects(next, { code: 'WRITER_LOST', message: /transaction 1, which was acknowledged/ })
    t.same(fake.committed, [], 'its successor begins before it')
  },
)

t.test('an abort does not ask for a transaction that another writer of the name has made', async t => {
  const { fake, writer } = await writing(t, { seq: 7 })
  fake.fail('commit', abortable())
  await writer.commit(together(append('1'), position(1)))
  t.same(valuesOf(fake), [['1']])
})

t.test('a full queue met by a change of state is waited out as one met by a record', async t => {
  const { fake, writer } = await writing(t)
  fake.fail('produce', trouble(-184), 1)
  await writer.commit(together(append('1'), state('sum', '1')))
  t.same(valuesOf(fake), [['1']])
  t.equal(fake.aborted, 1)
})

t.test('who is fenced is told so, and so is everybody behind', async t => {
  for (const call of ['produce', 'sendOffsets', 'commit'] as const) {
    const { fake, writer, cache } = await writing(t)
    fake.fail(call, fatal())
    const units = [1, 2].map(n => writer.commit(together(append('x'), state('sum', 'x'), position(n))))
    for (const result of await Promise.allSettled(units))
      t.match(result, { status: 'rejected', reason: { code: 'WRITER_FENCED' } }, call)
    await t.rejects(writer.commit(append('y')), { code: 'WRITER_FENCED' })
    t.equal(writer.alive, false)
    t.same(fake.committed, [])
    t.equal(cache.reader('a/t/0').get(Buffer.from('sum')), undefined)
  }
})

t.test('an outcome that is not known loses the writer', async t => {
  const { fake, writer } = await writing(t)
  fake.hold('commit')
  fake.fail('commit', trouble(-1))
  const first = writer.commit(append('1'))
  await until(() => fake.held('commit') === 1)
  const second = writer.commit(append('2'))
  fake.release('commit')
  const lost = { code: 'WRITER_LOST', message: /its outcome is not known .* taken over again/ }
  for (const { reason } of (await Promise.allSettled([first, second])) as PromiseRejectedResult[])
    t.match(reason, lost)
  await t.rejects(writer.commit(append('3')), lost)
})

t.test('a commit that ran out of time is asked for again until it is known', async t => {
  const { fake, writer, outages } = await writing(t)
  for (let i = 0; i < 3; i++) fake.fail('commit', retriable())
  await writer.commit(append('1'))
  t.same(valuesOf(fake), [['1']])
  t.equal(outages.length, 3)
  t.equal(fake.aborted, 0)
})

t.test(
  'after a broker had stood still, an abort never ended, and the group stood still for good',
  async t => {
    const { fake, writer } = await writing(t, { giveUpMs: 30 })
    fake.fail('commit', abortable())
    // It runs out of time, and does so for ever.
    for (let i = 0; i < 200; i++) fake.fail('abort', retriable())
    await t.rejects(writer.commit(append('a')), { code: 'WRITER_LOST' })
    t.notOk(writer.alive, 'whoever opens the next one settles it')
    t.equal(fake.committed.length, 0)
  },
)

t.test('a zombie whose cache another owner has taken over changes nothing there', async t => {
  const { writer, cache } = await writing(t)
  await writer.commit(state('sum', '1'))
  cache.apply([['a/t/0', Buffer.from('sum'), Buffer.from('9')]], { seq: 7 })
  await t.rejects(writer.commit(state('sum', '2')), { code: 'WRITER_FENCED' })
  t.equal(cache.reader('a/t/0').get(Buffer.from('sum'))?.toString(), '9')
  t.equal(cache.mark?.seq, 7)
})

t.test('closing commits what is in hand', async t => {
  const { fake, writer } = await writing(t, { commitMs: 10_000 })
  const one = writer.commit(append('1'))
  await writer.close()
  await one
  t.same(valuesOf(fake), [['1']])
  t.equal(fake.connected, false)
  await t.rejects(writer.commit(append('2')), { code: 'LOG_CLOSED' })
  t.equal(writer.alive, false)
})

t.test('what came while the last transaction was committed was never answered by a close', async t => {
  const { fake, writer } = await writing(t)
  fake.hold('commit')
  const first = writer.commit(append('1'))
  await until(() => fake.held('commit') === 1)
  const second = writer.commit(append('2'))
  const closed = writer.close()
  fake.release('commit')
  await Promise.all([first, second, closed, writer.close()])
  t.same(valuesOf(fake), [['1'], ['2']])
})

t.test('a unit of records only made the writer take the next one for another owner’s', async t => {
  const { fake, writer, cache } = await writing(t)
  await writer.commit(append('1'))
  await writer.commit(together(append('2'), state('sum', '2')))
  t.same(valuesOf(fake), [['1'], ['2']])
  t.equal(offsetsOf(fake).seq, 1)
  t.equal(cache.mark?.seq, 1)
})

t.test('a topic that has grown since is asked for, and holds up what comes behind', async t => {
  const { fake, writer, topics } = await writing(t)
  await writer.commit(append('0'))
  topics.set('t', 3)
  fake.hold('metadata')
  const grown = writer.commit(together(append('1', 't', 2), position(1)))
  const behind = writer.commit(together(append('2'), position(2)))
  await until(() => fake.held('metadata') === 1)
  t.same(valuesOf(fake), [['0']])
  fake.release('metadata')
  await Promise.all([grown, behind])
  t.same(valuesOf(fake).flat(), ['0', '1', '2'])
})

t.test('a unit with a place that is not there is refused with what its sender sent behind it', async t => {
  const { fake, writer, topics } = await writing(t)
  for (const place of [
    ['t', 2],
    ['t', -1],
    ['v', 0],
  ] as [string, number][]) {
    const first = writer.commit(together(append('1', ...place), position(1)))
    const second = writer.commit(together(append('2'), position(2)), first)
    const third = writer.commit(position(3), second)
    for (const result of await Promise.allSettled([first, second, third]))
      t.match(result, { reason: { code: 'TOPIC_UNKNOWN' } }, place.join('/'))
  }
  t.same(fake.committed, [])
  topics.set('v', 1)
  await writer.commit(append('3', 'v'))
  t.same(valuesOf(fake, 'v'), [['3']], 'asked anew, it is there')
})

t.test('the cluster was away when a topic was to be looked up: the unit behind went first', async t => {
  let away = 2
  const { fake, writer, outages } = await writing(t, {
    partitionsOf: topic => (topic === 'v' && away > 0 ? undefined : 1),
    refresh: async () => {
      if (away-- > 0) throw trouble(-195)
    },
  })
  const all = [writer.commit(append('1', 'v')), writer.commit(append('2'))]
  const order: number[] = []
  await Promise.all(all.map((one, n) => one.then(() => order.push(n))))
  t.same(order, [0, 1])
  t.equal(outages.length, 2)
  t.same(valuesOf(fake), [['2']])
})

t.test(
  'what Kafka would never take is refused, with what its sender sent behind it and nothing else',
  async t => {
    const { fake, writer } = await writing(t)
    const huge = 'x'.repeat(MAX_RECORD_BYTES)
    for (const [unit, message] of [
      [append(huge), /t\/0: a record has 3900001 bytes, and Kafka takes 3900000 at most/],
      [state('k', huge), /a\/t\/0: a value of state has/],
      [state('k'.repeat(MAX_STATE_KEY_BYTES + 1), null), /a\/t\/0: a key of state has 1901 bytes/],
    ] as const) {
      const refused = writer.commit(unit)
      const behind = writer.commit(append('behind'), refused)
      const beside = writer.commit(append('beside'))
      await t.rejects(refused, { code: 'RECORD_INVALID', message })
      await t.rejects(behind, { code: 'RECORD_INVALID', message })
      await beside
    }
    t.same(valuesOf(fake).flat(), ['beside', 'beside', 'beside'])
  },
)

t.test('what it begins with is what the last of its name has left', async t => {
  const left = [{ group: 'task.a', topic: 't', partition: 1, next: 9 }]
  const { fake, writer, cache } = await writing(t, { seq: 41, positions: left })
  cache.apply([], { seq: 41 })
  t.equal(writer.position('task.a', 't', 1), 9)
  await writer.commit(position(3))
  t.same(offsetsOf(fake), {
    seq: 42,
    life: 'a',
    positions: [...left, { group: 'task.a', topic: 't', partition: 0, next: 3 }],
  })
})

t.test('the code of a fenced producer is known by any of its names', async t => {
  for (const code of [FENCED, 47, 90]) {
    const { fake, writer } = await writing(t)
    fake.fail('commit', fatal(code))
    await t.rejects(writer.commit(append('1')), { code: 'WRITER_FENCED' })
  }
})
