import t, { type Test } from 'tap'
import { type Tick, tickKind } from '../../../engine/clock/tick.ts'
import { runTicker, type TickerOptions } from '../../../engine/clock/ticker.ts'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { StratumError } from '../../../engine/errors.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import { tenantOf } from '../../../engine/log/tenant.ts'
import { readAll } from '../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { counted, withCommit } from '../../support/logs.ts'

const TOPIC = 'facts'
const PARTITIONS = 3
const TEN_MINUTES = 600_000_000

async function place(t: Test) {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  await log.ensureTopic({ name: TOPIC, partitions: PARTITIONS, cleanup: 'delete' })
  const codec = new Codec(await EmbeddedRegistry.open(log))
  await codec.register(tickKind)
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  let asked = 0
  const options: TickerOptions = {
    log,
    codec,
    // A clock that goes on by a second every time it is asked.
    clock: () => ++asked * 1_000_000,
    topic: TOPIC,
    partitions: PARTITIONS,
    everyMs: 1,
    tenants: () => ['demo', 'acme', 'globex'],
    signal: stop.signal,
  }
  /** The ticks of a tenant, once there are so many. */
  const ticksOf = async (tenant: string, count: number) => {
    const partition = partitionOf(tenant, PARTITIONS)
    for (;;) {
      const records = (await readAll(log, TOPIC, partition)).filter(r => tenantOf(r.key) === tenant)
      if (records.length >= count)
        return records.map(r => ({
          record: r,
          tick: codec.reader().decode(r.value!).value as unknown as Tick,
        }))
      if (stop.signal.aborted) throw new Error(`${tenant} has ${records.length} ticks, not ${count}`)
      await log.wait(TOPIC, partition, (await log.bounds(TOPIC, partition)).end, stop.signal)
    }
  }
  return { log, options, stop, ticksOf }
}

t.test('every tenant gets every tick, on the partition of its facts', async t => {
  const { options, stop, ticksOf } = await place(t)
  const running = runTicker(options)
  for (const tenant of ['demo', 'acme', 'globex']) {
    const found = await ticksOf(tenant, 3)
    for (const [i, { record, tick }] of found.entries()) {
      const now = (i + 1) * 1_000_000
      t.match(tick, {
        tenant_id: tenant,
        event_time: now,
        ingest_time: now,
        watermark: now - TEN_MINUTES,
        final: false,
      })
      t.equal(record.time, now)
      t.equal(record.key.toString(), tenant)
    }
    t.equal(new Set(found.map(({ tick }) => tick.event_id)).size, found.length)
  }
  stop.abort()
  await running
})

t.test('the same instant gives the same ticks: a clock that stands still makes no new ones', async t => {
  const { options, stop, ticksOf } = await place(t)
  const running = runTicker({ ...options, clock: () => 5_000_000 })
  const ids = (await ticksOf('demo', 3)).map(({ tick }) => tick.event_id)
  t.equal(new Set(ids).size, 1)
  t.not((await ticksOf('acme', 1))[0]!.tick.event_id, ids[0])
  stop.abort()
  await running
})

t.test('a tenant that comes later is ticked from then on', async t => {
  const { options, stop, ticksOf } = await place(t)
  const tenants = new Set<string>()
  const running = runTicker({ ...options, tenants: () => tenants })
  tenants.add('demo')
  await ticksOf('demo', 1)
  tenants.add('late')
  const [first] = await ticksOf('late', 2)
  t.ok(first!.tick.event_time > 1_000_000)
  stop.abort()
  await running
})

t.test('an outage is waited out, what it missed is not made up for', async t => {
  const { log, options, stop, ticksOf } = await place(t)
  let tries = 0
  const failing = withCommit(log, async (own, unit) => {
    if (++tries <= 3) throw new StratumError('STORE_UNAVAILABLE', 'the disk is full')
    await own.commit(unit)
  })
  const running = runTicker({ ...options, log: failing })
  const found = await ticksOf('demo', 2)
  t.strictSame(
    found.slice(0, 2).map(({ tick }) => tick.event_time),
    [4_000_000, 5_000_000],
  )
  stop.abort()
  await running
})

t.test('a second ticker takes over from the first, which ends and says so', async t => {
  const { options, stop, ticksOf } = await place(t)
  const replaced: string[] = []
  const first = runTicker({ ...options, onReplaced: () => replaced.push('first') })
  await ticksOf('demo', 1)
  const last = 9_000_000_000
  const second = runTicker({ ...options, clock: () => last, onReplaced: () => replaced.push('second') })
  await first
  const before = (await ticksOf('demo', 1)).length
  const all = await ticksOf('demo', before + 2)
  t.ok(all.slice(before).every(({ tick }) => tick.event_time === last))
  stop.abort()
  await second
  t.strictSame(replaced, ['first'])
})

t.test('anything else ends it', async t => {
  const { log, options } = await place(t)
  const failing = withCommit(log, () => Promise.reject(new StratumError('TOPIC_UNKNOWN', 'no facts')))
  await t.rejects(runTicker({ ...options, log: failing }), { code: 'TOPIC_UNKNOWN', message: 'no facts' })
})

t.test('a ticker whose writer was lost goes on with a new one', async t => {
  const { log, options, stop, ticksOf } = await place(t)
  let tries = 0
  const failing = withCommit(log, async (own, unit) => {
    if (++tries === 1) throw new StratumError('WRITER_LOST', 'the connection broke')
    await own.commit(unit)
  })
  const { log: counting, writers } = counted(failing)
  const running = runTicker({ ...options, log: counting })
  const [first] = await ticksOf('demo', 1)
  t.equal(first!.tick.event_time, 2_000_000)
  t.equal(writers(), 2)
  stop.abort()
  await running
})

t.test('stopped in the middle of a wait it ends at once; stopped before, it writes nothing', async t => {
  const { log, options, stop, ticksOf } = await place(t)
  const running = runTicker({ ...options, everyMs: 2 ** 30 })
  await ticksOf('demo', 1)
  stop.abort()
  await running
  const { end } = await log.bounds(TOPIC, partitionOf('demo', PARTITIONS))
  await runTicker(options)
  t.equal((await log.bounds(TOPIC, partitionOf('demo', PARTITIONS))).end, end)
})
