import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { LOCK } from '../../../engine/store/catalogue/migrate.ts'
import { until } from '../../contract/cache/lab.ts'
import { addTenant, NOW } from '../../contract/catalogue/lab.ts'
import { runToEnd } from '../../support/servers/machine.ts'
import { postgresMissing } from '../../support/servers/postgres.ts'
import { startProxy } from '../../support/servers/proxy.ts'
import { startCatalogue } from './server.ts'

t.setTimeout(600_000)
const skip = postgresMissing() ?? false
const acme = { tenant: 'acme' }
const PUT = "INSERT INTO settings VALUES ('acme', $1, 1, '{}', $2)"

t.test(
  'kill -9 of the server: what was acknowledged is there, what was refused is not',
  { skip },
  async t => {
    const { server, open } = await startCatalogue(t)
    const catalogue = open()
    await addTenant(catalogue, 'acme')
    const outcomes = new Map<string, string>()
    let isOver = false
    const writer = async (name: string) => {
      for (let i = 0; !isOver; i++) {
        const section = `${name}.${i}`
        const put = catalogue.query(acme, PUT, [section, NOW])
        outcomes.set(section, await put.then(() => 'done').catch(({ code }) => code))
      }
    }
    const writers = ['a', 'b', 'c'].map(writer)
    for (let kill = 1; kill <= 3; kill++) {
      const before = outcomes.size
      while (outcomes.size < before + 30) await wait(5)
      await server.kill()
      await server.restart()
    }
    const before = outcomes.size
    while (outcomes.size < before + 10) await wait(5)
    isOver = true
    await Promise.all(writers)

    const rows = await catalogue.query<{ section: string }>(acme, 'SELECT section FROM settings')
    const there = new Set(rows.map(r => r.section))
    const by = (outcome: string) => [...outcomes].filter(([, o]) => o === outcome).map(([section]) => section)
    t.same(
      by('done').filter(section => !there.has(section)),
      [],
    )
    t.same(
      by('STORE_UNAVAILABLE').filter(section => there.has(section)),
      [],
    )
    const known = new Set(['done', 'STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN'])
    t.same(
      [...outcomes.values()].filter(o => !known.has(o)),
      [],
    )
  },
)

t.test('a connection that is lost before the commit: the transaction runs again', { skip }, async t => {
  const { server, open } = await startCatalogue(t)
  const catalogue = open()
  await addTenant(catalogue, 'acme')
  let runs = 0
  await catalogue.transaction(acme, async session => {
    await session.query(PUT, ['one', NOW])
    if (++runs === 1) await server.restart()
    await session.query(PUT, ['two', NOW])
  })
  t.equal(runs, 2)
  t.equal((await catalogue.query(acme, 'SELECT * FROM settings')).length, 2)
})

t.test('connections that were lost while nobody used them are not noticed', { skip }, async t => {
  const { server, open } = await startCatalogue(t)
  const catalogue = open()
  await Promise.all(Array.from({ length: 5 }, () => catalogue.query(acme, 'SELECT pg_sleep(0.05)')))
  await server.restart()
  t.same(await catalogue.query(acme, 'SELECT 1 AS n'), [{ n: 1 }])
})

t.test(
  'a connection that is lost at the commit: it is said that the outcome is unknown',
  { skip },
  async t => {
    const { address, open } = await startCatalogue(t)
    const proxy = await startProxy(address)
    t.teardown(() => proxy.stop())
    const catalogue = open(proxy.address)
    await addTenant(catalogue, 'acme')
    let runs = 0
    const lost = catalogue.transaction(acme, async session => {
      runs++
      await session.query(PUT, ['one', NOW])
      proxy.cut()
    })
    await t.rejects(lost, { code: 'OUTCOME_UNKNOWN', message: /may be done/ })
    t.equal(runs, 1)
    await t.rejects(catalogue.query(acme, 'SELECT 1'), { code: 'STORE_UNAVAILABLE' })
    proxy.heal()
    t.same(await catalogue.query(acme, 'SELECT 1 AS n'), [{ n: 1 }])
  },
)

t.test('a server that hangs is given up, and asked again when it goes on', { skip }, async t => {
  const { server, open } = await startCatalogue(t)
  const catalogue = open(undefined, 1)
  await catalogue.query(acme, 'SELECT 1')
  server.pause()
  await t.rejects(catalogue.query(acme, 'SELECT 1'), { code: 'STORE_UNAVAILABLE' })
  server.resume()
  t.same(await catalogue.query(acme, 'SELECT 1 AS n'), [{ n: 1 }])
})

t.test(
  'a statement that takes too long is ended by the server, and the connection is kept',
  { skip },
  async t => {
    const { server, open } = await startCatalogue(t)
    const catalogue = open(undefined, 1)
    await t.rejects(catalogue.query(acme, 'SELECT pg_sleep(3600)'), {
      code: 'STORE_UNAVAILABLE',
      message: /longer than 1 s \(catalogue.timeoutSeconds\)/,
    })
    t.equal(await server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stratum'"), '1')
  },
)

t.test('a transaction in which nothing is asked for long is ended', { skip }, async t => {
  const { open } = await startCatalogue(t)
  const catalogue = open(undefined, 1)
  const idle = catalogue.transaction(acme, async session => {
    await session.query('SELECT 1')
    await wait(1500)
    await session.query('SELECT 2')
  })
  await t.rejects(idle, { code: 'STORE_UNAVAILABLE', message: /nothing was asked in it for 1 s/ })
})

t.test('several processes make the catalogue at the same time, and it is made once', { skip }, async t => {
  const { server, address } = await startCatalogue(t)
  const program = new URL('./migrating.js', import.meta.url).pathname
  const url = `postgresql://${address}/stratum`
  const owner = new pg.Client(url.replace('//', '//stratum@'))
  await owner.connect()
  await owner.query('SELECT pg_advisory_lock($1)', [LOCK])
  const making = Promise.all(Array.from({ length: 4 }, () => runToEnd(process.execPath, [program, url])))
  const waiting = async () => {
    const { rows } = await owner.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return rows.length === 4
  }
  const waited = await Promise.race([making.then(() => false), until(waiting)])
  t.equal(waited, true, 'all wait for the lock')
  await owner.end()
  const made = await making
  t.same(made.map(Number).filter(n => n > 0).length, 1)
  t.equal(await server.sql('SELECT count(*) FROM stratum.migrations'), String(Math.max(...made.map(Number))))
})
