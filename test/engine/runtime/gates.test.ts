import t from 'tap'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { Gates } from '../../../engine/runtime/gates.ts'
import { temporaryFolder } from '../../support/folder.ts'

const never = new AbortController().signal

async function opened(
  t: Parameters<typeof temporaryFolder>[0] & { teardown(fn: () => Promise<void>): void },
) {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  return { log, gates: await Gates.open(log) }
}

/** Whether a gate lets through, once everything that could open it has had its turn. */
async function passes(gate: { open(signal: AbortSignal): Promise<void> }): Promise<{ done: boolean }> {
  const state = { done: false }
  void gate.open(never).then(() => {
    state.done = true
  })
  await new Promise(done => setImmediate(done))
  return state
}

t.test('a gate is shut while one of its names is paused', async t => {
  const { gates } = await opened(t)
  const gate = gates.gate([
    ['connector', 'ga4'],
    ['tenant', 'acme'],
  ])
  t.ok((await passes(gate)).done)
  await gates.pause('connector', 'ga4', '2026-01-15T12:00:00Z')
  await gates.pause('tenant', 'acme', '2026-01-15T12:00:01Z')
  const waiting = await passes(gate)
  t.notOk(waiting.done)
  await gates.resume('connector', 'ga4')
  await new Promise(done => setImmediate(done))
  t.notOk(waiting.done, 'its tenant is paused still')
  const opens = gate.open(never)
  await gates.resume('tenant', 'acme')
  await opens
  t.ok(waiting.done)
})

t.test('names of another kind are other names', async t => {
  const { gates } = await opened(t)
  await gates.pause('tenant', 'ga4', 'now')
  t.ok((await passes(gates.gate([['connector', 'ga4']]))).done)
  t.ok(gates.paused('tenant', 'ga4'))
  t.notOk(gates.paused('stage', 'ga4'))
})

t.test('who waits at a gate is let go when it is stopped', async t => {
  const { gates } = await opened(t)
  await gates.pause('stage', 'sessions', 'now')
  const gate = gates.gate([['stage', 'sessions']])
  const stop = new AbortController()
  const waiting = gate.open(stop.signal)
  stop.abort()
  await waiting
  await gate.open(stop.signal)
  t.pass('also one that comes later')
})

t.test('what is paused stays so over a restart, since when it was', async t => {
  const { log, gates } = await opened(t)
  await gates.pause('stage', 'sessions', 'first')
  await gates.pause('stage', 'sessions', 'again')
  await gates.pause('tenant', 'a/b', 'then')
  await gates.pause('connector', 'csv', 'now')
  await gates.resume('connector', 'csv')
  await gates.resume('connector', 'never paused')
  const later = await Gates.open(log)
  t.strictSame(later.list(), [
    { kind: 'stage', name: 'sessions', since: 'first' },
    { kind: 'tenant', name: 'a/b', since: 'then' },
  ])
  t.notOk((await passes(later.gate([['tenant', 'a/b']]))).done)
})

t.test('a pause in one process did not reach the others', async t => {
  const { log, gates: here } = await opened(t)
  const there = await Gates.open(log)
  const stop = new AbortController()
  const following = here.follow(stop.signal)
  const gate = here.gate([['stage', 'sessions']])
  t.ok(await there.pause('stage', 'sessions', 'first'))
  while (!here.paused('stage', 'sessions')) await new Promise(done => setImmediate(done))
  t.notOk(await here.pause('stage', 'sessions', 'again'), 'it is paused already')
  const opens = gate.open(stop.signal)
  t.ok(await there.resume('stage', 'sessions'))
  await opens
  t.notOk(await here.resume('stage', 'sessions'))
  stop.abort()
  await following
})

t.test('two processes that pause one stage at once agree since when it is', async t => {
  const { log, gates: here } = await opened(t)
  const there = await Gates.open(log)
  const changed = await Promise.all([
    here.pause('stage', 'sessions', 'here'),
    there.pause('stage', 'sessions', 'there'),
  ])
  t.same(changed.sort(), [false, true])
  const later = await Gates.open(log)
  t.same(later.list().length, 1)
  t.strictSame(there.list(), later.list())
})
