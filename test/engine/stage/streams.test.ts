import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import type { CommitUnit, EventLog, RecordBatch } from '../../../engine/log/port.ts'
import type { Fold } from '../../../engine/stage/fold.ts'
import { Committer, PartitionReader } from '../../../engine/stage/streams.ts'

const open = { open: async () => {} }

/** A log whose partition always has one more record at hand, up to `end`. */
const backlog = (end: number) =>
  ({
    async read(topic: string, partition: number, from: number): Promise<RecordBatch | null> {
      return from < end ? { topic, partition, records: [], next: from + 1 } : null
    },
    wait: (_t: string, _p: number, _from: number, signal: AbortSignal) =>
      new Promise<void>(done => {
        if (signal.aborted) done()
        signal.addEventListener('abort', () => done())
      }),
  }) as unknown as EventLog

t.test('a backlog held up every answer, timer and signal until it was worked off', async t => {
  const stop = new AbortController()
  let turns = 0
  let running = true
  const count = () => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  let seen = 0
  const reader = new PartitionReader({
    log: backlog(500),
    topic: 'stratum.facts',
    partition: 0,
    from: 0,
    gate: open,
    signal: stop.signal,
  })
  const sink = new Writable({
    objectMode: true,
    write(_batch, _, done) {
      if (++seen === 500) stop.abort()
      done()
    },
  })
  await pipeline(reader, sink)
  running = false
  t.equal(seen, 500)
  t.ok(turns >= 400, `the event loop turned ${turns} times during 500 batches`)
})

t.test('a batch waits while what its records need is away, and is handed on once', async t => {
  const stop = new AbortController()
  const heard: number[] = []
  let tries = 0
  const reader = new PartitionReader({
    log: backlog(3),
    topic: 'stratum.facts',
    partition: 0,
    from: 0,
    gate: open,
    signal: stop.signal,
    ready: () => (++tries <= 2 ? Promise.reject(new StratumError('STORE_UNAVAILABLE', 'away')) : undefined),
    onOutage: (_, attempt) => heard.push(attempt),
  })
  const seen: number[] = []
  for await (const { next } of reader as AsyncIterable<RecordBatch>) if (seen.push(next) === 3) break
  t.strictSame(seen, [1, 2, 3])
  t.strictSame(heard, [1, 2])
  t.ok(tries >= 5)
})

t.test('an end while it waits is an end; what is no outage is an error', async t => {
  const stop = new AbortController()
  const options = { log: backlog(3), topic: 'stratum.facts', partition: 0, from: 0, gate: open }
  const waiting = new PartitionReader({
    ...options,
    signal: stop.signal,
    ready: () => Promise.reject(new StratumError('STORE_UNAVAILABLE', 'away')),
    onOutage: () => stop.abort(),
  })
  for await (const _ of waiting) t.fail('nothing is handed on')
  const refused = new PartitionReader({
    ...options,
    signal: new AbortController().signal,
    ready: () => Promise.reject(new StratumError('STORE_REFUSED', 'not for you')),
  })
  await t.rejects(refused.toArray(), { code: 'STORE_REFUSED' })
})

t.test('a unit behind one that is refused says whose it is behind: it went in without it', async t => {
  const asked: { unit: CommitUnit; before: Promise<void> | undefined; own: Promise<void> }[] = []
  const refused = new StratumError('RECORD_INVALID', 'too large')
  const committer = new Committer({
    writer: {
      group: 'group/0',
      window: 2,
      commit(unit, before) {
        const own = asked.length === 0 ? Promise.reject(refused) : new Promise<void>(() => {})
        asked.push({ unit, before, own })
        return own
      },
      close: async () => {},
    },
    fold: { landed() {} } as unknown as Fold,
    signal: new AbortController().signal,
    observe() {},
    onOutage() {},
  })
  const ended = new Promise(done => committer.on('close', done))
  committer.on('error', error => t.equal(error, refused))
  for (let next = 1; next <= 2; next++) committer.write({ positions: [] })
  await ended
  t.equal(asked[0]!.before, undefined)
  t.equal(asked[1]?.before, asked[0]!.own)
  t.equal(asked.length, 2, 'both are asked for before the first is known to be refused')
})
