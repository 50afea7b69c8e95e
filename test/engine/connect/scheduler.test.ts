import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { openConnect } from '../../../engine/connect/open.ts'
import { Scheduler, type SchedulerEvent } from '../../../engine/connect/scheduler.ts'
import type { ConnectionRun } from '../../../engine/runtime/connection.ts'
import type { Source } from '../../../engine/source/port.ts'
import type { SyncReport } from '../../../engine/source/sync-run.ts'
import { startEmbedded } from '../../../engine/store/catalogue/embedded.ts'
import { PostgresCatalogue } from '../../../engine/store/catalogue/postgres.ts'
import { authError, permissionError, RetryableError } from '../../../plugins/errors.ts'
import { NOW } from '../../contract/catalogue/lab.ts'
import { key, made, spec } from '../../contract/connections.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { passive } from '../../support/passive.ts'

const { close, ...options } = await startEmbedded(temporaryFolder(t))
const catalogue = new PostgresCatalogue(options)
t.teardown(async () => {
  await catalogue.close()
  await close?.()
})

const meta = {
  ...passive,
  id: 'meta',
  title: 'Meta',
  version: '1.0.0',
  origin: 'test',
  spec,
  streams: [],
  check: async () => {},
  discover: async () => [],
  accounts: config => [String(config.account)],
  read: async function* () {},
} satisfies Source

type Sync = (run: ConnectionRun) => Promise<SyncReport>

/** An empty catalogue, and schedulers over one engine. */
async function house(t: { teardown(work: () => unknown): void }, sync: Sync) {
  await catalogue.close()
  const owner = new pg.Client(options.pool)
  await owner.connect()
  await owner.query('DROP SCHEMA IF EXISTS stratum CASCADE')
  await owner.end()
  const fresh = new PostgresCatalogue(options)
  t.teardown(() => fresh.close())
  let now = NOW
  const stores = openConnect(fresh, key(), () => now)
  const events: SchedulerEvent[] = []
  const scheduler = () => {
    const made = new Scheduler({
      engine: { sync },
      sources: [meta],
      ...stores,
      now: () => now,
      concurrency: 3,
      pollMs: 10,
      tell: event => events.push(event),
    })
    t.teardown(() => made.stop())
    made.start()
    return made
  }
  const until = async (what: () => boolean | Promise<boolean>) => {
    while (!(await what())) await sleep(10)
  }
  const status = async (name: string) => (await stores.connections.get('acme', name)).status
  const pass = (micros: number) => {
    now += micros
  }
  return { ...stores, events, scheduler, until, status, pass }
}

t.test('what is due is read once, and again when it is due again', async t => {
  const runs: ConnectionRun[] = []
  const h = await house(t, async run => {
    runs.push(run)
    return { read: 7, deadLettered: 1 }
  })
  await h.connections.add(made(), spec)
  const scheduler = h.scheduler()
  await h.until(async () => (await h.status('meta-eu')) === 'OK')
  await sleep(100)
  t.equal(runs.length, 1)
  t.match(runs[0], { tenant: 'acme', connection: 'acme/meta/meta-eu', clockMode: 'live' })
  t.match(runs[0]!.config, { account: '42', token: 'hush-hush' }, 'with its secrets')
  const { nextRunAt, records, deadLetters } = await h.connections.get('acme', 'meta-eu')
  t.match({ records, deadLetters }, { records: 7, deadLetters: 1 })
  t.ok(nextRunAt! > NOW && nextRunAt! <= NOW + 3_600_000_000)
  h.pass(3_600_000_000)
  await h.until(() => runs.length === 2)
  await scheduler.stop()
})

t.test('no two syncs are on one account, in however many processes and tenants', async t => {
  const open = new Map<unknown, number>()
  let most = 0
  let ended = 0
  const h = await house(t, async run => {
    const { account } = run.config as { account: string }
    open.set(account, (open.get(account) ?? 0) + 1)
    most = Math.max(most, open.get(account)!)
    await sleep(30)
    open.set(account, open.get(account)! - 1)
    ended++
    return { read: 0, deadLettered: 0 }
  })
  for (let i = 0; i < 8; i++)
    await h.connections.add(
      made({ tenant: `t${i % 3}`, name: `c${i}`, config: { account: String(i % 2), token: 'x' } }),
      spec,
    )
  const schedulers = [h.scheduler(), h.scheduler(), h.scheduler()]
  await h.until(() => ended === 8)
  t.equal(most, 1)
  for (const s of schedulers) await s.stop()
})

t.test(
  'what would fail again waits for somebody; an outage is tried again soon, and later each time',
  async t => {
    let error: Error = authError('the token was revoked')
    const h = await house(t, async () => {
      throw error
    })
    await h.connections.add(made({ schedule: 'every 1d' }), spec)
    const scheduler = h.scheduler()
    await h.until(async () => (await h.status('meta-eu')) === 'BLOCKED')
    t.match(await h.connections.get('acme', 'meta-eu'), {
      nextRunAt: null,
      error:
        /^meta: the token was revoked\. Connect it again, with all the rights it asks for: `stratum connections change \S+ --tenant \S+ --settings FILE`$/,
    })
    error = permissionError('ads_read is missing')
    await h.connections.setPaused('acme', 'meta-eu', false, NOW)
    await h.until(async () => /good/.test((await h.connections.get('acme', 'meta-eu')).error ?? ''))
    error = new RetryableError('maintenance')
    await h.connections.setPaused('acme', 'meta-eu', false, NOW)
    const waits: number[] = []
    for (let i = 1; i <= 3; i++) {
      await h.until(async () => (await h.connections.get('acme', 'meta-eu')).failures === i)
      const { nextRunAt, status, endedAt } = await h.connections.get('acme', 'meta-eu')
      t.equal(status, 'FAILED')
      waits.push((nextRunAt! - endedAt!) / 60_000_000)
      h.pass(nextRunAt! - endedAt!)
    }
    t.same(waits, [1, 2, 4])
    await scheduler.stop()
  },
)

t.test('a pause cuts a run off, and so does a stop: both leave it where it was', async t => {
  let cut = 0
  const h = await house(t, run => {
    return new Promise((_, reject) =>
      run.signal.addEventListener('abort', () => {
        cut++
        reject(run.signal.reason)
      }),
    )
  })
  await h.connections.add(made(), spec)
  const scheduler = h.scheduler()
  await h.until(async () => (await h.status('meta-eu')) === 'RUNNING')
  await h.connections.setPaused('acme', 'meta-eu', true, null)
  await h.until(() => cut === 1)
  await h.connections.setPaused('acme', 'meta-eu', false, NOW)
  await h.until(() => h.events.filter(e => e.what === 'begun').length === 2)
  await scheduler.stop()
  t.equal(cut, 2)
  t.equal((await h.connections.due(9)).length, 1, 'it is still due')
  t.same(await h.catalogue.query('system', 'SELECT name FROM locks'), [], 'and its locks are free')
})

t.test('a connection whose key is missing waits for somebody, and holds no other up', async t => {
  const h = await house(t, async () => ({ read: 1, deadLettered: 0 }))
  await openConnect(h.catalogue, key(), () => NOW).connections.add(made({ nextRunAt: NOW - 1 }), spec)
  await h.connections.add(made({ name: 'other' }), spec)
  const scheduler = h.scheduler()
  await h.until(async () => (await h.status('other')) === 'OK')
  t.match(await h.connections.get('acme', 'meta-eu'), {
    status: 'BLOCKED',
    error: /is not among secrets\.keys/,
  })
  await scheduler.stop()
})
