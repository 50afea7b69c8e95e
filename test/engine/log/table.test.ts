import { deepStrictEqual } from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import type { EventLog } from '../../../engine/log/port.ts'
import { LogTable } from '../../../engine/log/table.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { counted, stepped, withCommit } from '../../support/logs.ts'

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

t.test('a second process that only reads a table took it away from the one that writes it', async t => {
  const log = opened(t)
  const first = await LogTable.open<number>(log, TOPIC)
  await first.put('a', 1)
  const epochs = counted(log)
  const second = await LogTable.open<number>(epochs.log, TOPIC)
  await second.refresh()
  await second.change(rows => (rows.get('a') === 1 ? [] : [['a', 1]]))
  await second.putAll([])
  t.equal(epochs.writers(), 0)
  await first.put('b', 2)
  await second.refresh()
  t.strictSame([...second.rows], [...first.rows])
  await second.put('c', 3)
  t.equal(epochs.writers(), 1)
})

t.test('who was fenced takes the table back, and decides on what was written meanwhile', async t => {
  const log = opened(t)
  const [first, second] = [await LogTable.open<number>(log, TOPIC), await LogTable.open<number>(log, TOPIC)]
  const add = (table: LogTable<number>) => table.change(rows => [['n', (rows.get('n') ?? 0) + 1]])
  for (const table of [first, second, first, first, second, first]) await add(table)
  t.equal(first.rows.get('n'), 6)
  await second.refresh()
  t.equal(second.rows.get('n'), 6)
})

t.test('what decides may refuse; nothing is written, and the next change goes well', async t => {
  const table = await LogTable.open<number>(opened(t), TOPIC)
  const refusal = new Error('full')
  await t.rejects(
    table.change(() => {
      throw refusal
    }),
    refusal,
  )
  t.equal(table.rows.size, 0)
  await table.put('a', 1)
  t.strictSame([...table.rows], [['a', 1]])
})

t.test('a commit whose outcome is not known is looked up before it is tried again', async t => {
  for (const arrived of [true, false]) {
    const log = opened(t)
    await log.ensureTopic({ name: 'beside', partitions: 1, cleanup: 'delete' })
    let lost = 0
    const losing = withCommit(log, async (own, unit) => {
      if (lost++ > 0 || arrived) await own.commit(unit)
      if (lost === 1) throw new StratumError('WRITER_LOST', 'the connection broke')
    })
    const table = await LogTable.open<string>(losing, TOPIC)
    const record = { key: Buffer.from('k'), value: null, time: 1 }
    await table.change(
      rows => (rows.has('sent') ? [] : [['sent', 'yes']]),
      0,
      () => ({ appends: [{ topic: 'beside', partition: 0, records: [record] }] }),
    )
    t.strictSame([...table.rows], [['sent', 'yes']])
    t.equal((await log.bounds('beside', 0)).end, 1, `sent once, ${arrived ? 'the first' : 'the second'} time`)
  }
})

t.test('one that never gets its turn says so, as a thing to be tried again', async t => {
  const log = opened(t)
  const rival = await LogTable.open<number>(log, TOPIC)
  let n = 0
  const late = withCommit(log, async (own, unit) => {
    await rival.put('rival', ++n)
    await (await log.writer(`table.${TOPIC}`)).close()
    await own.commit(unit)
  })
  const table = await LogTable.open<number>(late, TOPIC)
  await t.rejects(table.put('a', 1), {
    code: 'STORE_UNAVAILABLE',
    message: /stratum\.rows could not be changed: other processes .* 12 times/,
  })
  await rival.refresh()
  t.strictSame([...rival.rows], [['rival', 12]])
})

t.test('however the steps of two processes interleave, no change is lost and none is made twice', async t => {
  const turns = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 8 })
  let fenced = 0
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), turns, async (s, turns) => {
      const log = new LmdbLog(temporaryFolder(t))
      try {
        const counting = withCommit(log, (own, unit) =>
          own.commit(unit).catch(error => {
            if (error.code === 'WRITER_FENCED') fenced++
            throw error
          }),
        )
        const open = () => LogTable.open<number>(stepped(counting, s), TOPIC)
        const tables = await s.waitFor(Promise.all([open(), open()]))
        const added = turns.map((which, i) =>
          tables[which]!.change(rows => [
            ['n', (rows.get('n') ?? 0) + 1],
            [`${i}`, which],
          ]),
        )
        await s.waitFor(Promise.all(added))
        await s.waitFor(Promise.all(tables.map(table => table.refresh())))
        for (const { rows } of tables) {
          deepStrictEqual(rows.get('n'), turns.length)
          deepStrictEqual(rows.size, turns.length + 1)
        }
      } finally {
        await log.close()
      }
    }),
    { numRuns: 40 },
  )
  t.ok(fenced > 0, "they did get into one another's way")
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

t.test('who follows a table has what another process writes, and is told', async t => {
  const log = opened(t)
  const [reader, writer] = [await LogTable.open<number>(log, TOPIC), await LogTable.open<number>(log, TOPIC)]
  const stop = new AbortController()
  const heard = new EventEmitter()
  const following = reader.follow(stop.signal, () => heard.emit('change'))
  for (let n = 1; n <= 3; n++) {
    const changed = once(heard, 'change')
    await writer.put('n', n)
    await changed
    t.equal(reader.rows.get('n'), n)
  }
  const changed = once(heard, 'change')
  await reader.put('own', 1)
  await changed
  stop.abort()
  await following
  await reader.follow(stop.signal)
})

t.test('a slow read put back rows that a quicker one had brought up to date', async t => {
  const log = opened(t)
  const writer = await LogTable.open<number>(log, TOPIC)
  let wait = Promise.resolve()
  const slow: EventLog = new Proxy(log, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (name === 'read')
        return async (...args: Parameters<EventLog['read']>) => {
          const until = wait
          const batch = await log.read(...args)
          await until
          return batch
        }
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  const reader = await LogTable.open<number>(slow, TOPIC)
  let release = () => {}
  wait = new Promise(resolve => {
    release = resolve
  })
  await writer.put('n', 1)
  const first = reader.refresh()
  wait = Promise.resolve()
  await writer.put('n', 2)
  await reader.refresh()
  t.equal(reader.rows.get('n'), 2)
  // The next read hangs: what the first does with its batch stays as it leaves it.
  wait = new Promise(() => {})
  release()
  await new Promise(done => setImmediate(done))
  t.equal(reader.rows.get('n'), 2)
  void first
})

t.test('an outage is waited out by who follows; anything else ends it', async t => {
  const log = opened(t)
  const writer = await LogTable.open<number>(log, TOPIC)
  const errors: Error[] = []
  const failing: EventLog = new Proxy(log, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function') return member
      if (name !== 'wait') return member.bind(target)
      return (...args: unknown[]) =>
        errors.length > 0 ? Promise.reject(errors.shift()) : member.apply(target, args)
    },
  })
  const reader = await LogTable.open<number>(failing, TOPIC)
  errors.push(
    new StratumError('STORE_UNAVAILABLE', 'no broker'),
    new StratumError('STORE_UNAVAILABLE', 'none'),
  )
  const stop = new AbortController()
  const heard = new EventEmitter()
  const following = reader.follow(stop.signal, () => heard.emit('change'))
  const changed = once(heard, 'change')
  await writer.put('a', 1)
  await changed
  t.equal(reader.rows.get('a'), 1)
  t.strictSame(errors, [])
  errors.push(new Error('no such topic'))
  const ended = t.rejects(following, { message: 'no such topic' })
  await writer.put('a', 2)
  await ended
  stop.abort()
})
