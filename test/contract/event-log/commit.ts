import { isOutage } from '../../../engine/errors.ts'
import type { CommitUnit, EventLog } from '../../../engine/log/port.ts'
import { append, bytes, keys, readAll, record, type Subject, type Test, topicOn, unique } from './subject.ts'

const PAST_ALL = Buffer.from([0xff])

/** Keys and values of a store as text. */
export const stored = (log: EventLog, store: string) =>
  Array.from(log.state(store).range(Buffer.alloc(0), PAST_ALL), ({ key, value }) => [
    key.toString(),
    value.toString(),
  ])

/** Outputs, state and positions: all or none, by one owner. */
export function committing(t: Test, subject: Subject): void {
  const place = async (log: EventLog) => ({
    log,
    topic: await topicOn(log, { partitions: 2 }),
    store: unique('store'),
    group: unique('group'),
  })

  const unitOf = (
    { topic, store, group }: Awaited<ReturnType<typeof place>>,
    name: string,
    next: number,
  ): CommitUnit => ({
    appends: [0, 1].map(partition => ({ topic, partition, records: [record(name, name)] })),
    state: [{ store, changes: [{ key: bytes(name), value: bytes(`${next}`) }] }],
    positions: [{ group, topic, partition: 0, next }],
  })

  const contents = async ({ log, topic, store, group }: Awaited<ReturnType<typeof place>>) => ({
    records: [keys(await readAll(log, topic, 0)), keys(await readAll(log, topic, 1))],
    state: stored(log, store),
    position: await log.position(group, topic, 0),
  })

  t.test('outputs, state and position are there together', async t => {
    const p = await place((await subject.fresh(t)).log)
    const writer = await p.log.writer(p.group)
    t.strictSame(await contents(p), { records: [[], []], state: [], position: null })
    await writer.commit(unitOf(p, 'a', 7))
    await writer.commit(unitOf(p, 'b', 9))
    t.strictSame(await contents(p), {
      records: [
        ['a', 'b'],
        ['a', 'b'],
      ],
      state: [
        ['a', '7'],
        ['b', '9'],
      ],
      position: 9,
    })
    t.equal(await p.log.position(p.group, p.topic, 1), null)
    t.equal(await p.log.position(unique('another'), p.topic, 0), null)
  })

  t.test('a commit that names what is not there leaves nothing behind', async t => {
    const p = await place((await subject.fresh(t)).log)
    const writer = await p.log.writer(p.group)
    await writer.commit(unitOf(p, 'a', 1))
    const before = await contents(p)
    const unit = unitOf(p, 'b', 2)
    const nowhere = { topic: unique('missing'), partition: 0 }
    const units: CommitUnit[] = [
      { ...unit, appends: [...unit.appends!, { ...nowhere, records: [record('b', 'b')] }] },
      { ...unit, appends: [...unit.appends!, { topic: p.topic, partition: 2, records: [record('b', 'b')] }] },
      { ...unit, positions: [...unit.positions!, { ...nowhere, group: p.group, next: 1 }] },
    ]
    for (const wrong of units) await t.rejects(writer.commit(wrong), { code: 'TOPIC_UNKNOWN' })
    t.strictSame(await contents(p), before)
    await writer.commit(unit)
    t.equal((await contents(p)).position, 2, 'the writer goes on')
  })

  t.test('a second writer of a group takes over, and the first changes nothing any more', async t => {
    const p = await place((await subject.fresh(t)).log)
    const first = await p.log.writer(p.group)
    await first.commit(unitOf(p, 'a', 1))
    const second = await p.log.writer(p.group)
    const before = await contents(p)
    for (let i = 0; i < 2; i++)
      await t.rejects(first.commit(unitOf(p, 'late', 5)), { code: 'WRITER_FENCED', message: p.group })
    t.strictSame(await contents(p), before)
    await second.commit(unitOf(p, 'b', 2))
    const third = await p.log.writer(p.group)
    await t.rejects(second.commit(unitOf(p, 'late', 6)), { code: 'WRITER_FENCED' })
    await third.commit(unitOf(p, 'c', 3))
    t.strictSame((await contents(p)).records[0], ['a', 'b', 'c'])
    t.equal((await contents(p)).position, 3)
  })

  t.test('a position was still the one of an earlier writer that did not know it was fenced', async t => {
    const p = await place((await subject.fresh(t)).log)
    const first = await p.log.writer(p.group)
    await first.commit(unitOf(p, 'a', 1))
    const second = await p.log.writer(p.group)
    await second.commit(unitOf(p, 'b', 2))
    t.equal((await contents(p)).position, 2)
  })

  t.test('a group that was taken over twice in a process began where its first writer had been', async t => {
    const p = await place((await subject.fresh(t)).log)
    const first = await p.log.writer(p.group)
    await first.commit(unitOf(p, 'a', 1))
    // Nobody has told the first that it is fenced.
    const second = await p.log.writer(p.group)
    await second.commit(unitOf(p, 'b', 2))
    t.equal((await contents(p)).position, 2)
    const third = await p.log.writer(p.group)
    t.equal((await contents(p)).position, 2)
    await third.commit(unitOf(p, 'c', 3))
    t.equal((await contents(p)).position, 3)
  })

  t.test('writers of different groups do not fence each other', async t => {
    const { log } = await subject.fresh(t)
    const topic = await topicOn(log)
    const writers = await Promise.all(Array.from({ length: 4 }, (_, i) => log.writer(unique(`group${i}`))))
    await Promise.all(
      writers.flatMap((writer, w) =>
        Array.from({ length: 25 }, (_, i) => append(writer, topic, [record(`${w}.${i}`, 'v')])),
      ),
    )
    const found = keys(await readAll(log, topic))
    t.equal(new Set(found).size, 100)
    t.equal(found.length, 100)
    for (const w of [0, 1, 2, 3])
      t.strictSame(
        found.filter(key => key.startsWith(`${w}.`)),
        Array.from({ length: 25 }, (_, i) => `${w}.${i}`),
        `commits of writer ${w} are in its order`,
      )
  })

  t.test('everything is there after the log was closed and opened again', async t => {
    const fresh = await subject.fresh(t)
    const p = await place(fresh.log)
    const writer = await p.log.writer(p.group)
    await writer.commit(unitOf(p, 'a', 1))
    const before = await contents(p)
    const topics = await p.log.topics()
    const again = { ...p, log: await fresh.reopen() }
    t.strictSame(await contents(again), before)
    t.strictSame(
      (await again.log.topics()).filter(found => found.name === p.topic),
      topics.filter(found => found.name === p.topic),
    )
    const owner = await again.log.writer(p.group)
    await owner.commit(unitOf(again, 'b', 2))
    t.strictSame((await contents(again)).records[0], ['a', 'b'])
  })

  t.test('a closed log refuses all, and not as an outage that is worth another try', async t => {
    const { log, reopen } = await subject.fresh(t)
    const topic = await topicOn(log)
    const group = unique('group')
    const writer = await log.writer(group)
    await append(writer, topic, [record('a', 'v')])
    await log.close()
    await log.close()
    const refused: Record<string, () => Promise<unknown>> = {
      commit: () => append(writer, topic, [record('b', 'v')]),
      read: () => log.read(topic, 0, 0),
      bounds: () => log.bounds(topic, 0),
      writer: () => log.writer(group),
      ensureTopic: () => topicOn(log),
      clean: () => log.clean(0),
    }
    for (const [name, call] of Object.entries(refused)) {
      const error = await call().then(
        () => null,
        e => e as Error,
      )
      t.ok(error, `${name} is refused`)
      t.notOk(isOutage(error), `${name}: ${error?.message}`)
    }
    t.strictSame(keys(await readAll(await reopen(), topic)), ['a'])
  })
}
