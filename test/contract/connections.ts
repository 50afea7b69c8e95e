import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { Connections, type NewConnection } from '../../engine/connect/connections.ts'
import { KeptTokens } from '../../engine/connect/kept-tokens.ts'
import { Locks } from '../../engine/connect/locks.ts'
import { Vault } from '../../engine/connect/vault.ts'
import type { JsonSchema } from '../../engine/source/port.ts'
import type { Tokens } from '../../engine/source/tokens.ts'
import { failure } from '../support/failure.ts'
import { type CatalogueLab, house, NOW } from './catalogue/lab.ts'

export const spec: JsonSchema = {
  type: 'object',
  properties: {
    account: { type: 'string' },
    token: { type: 'string', secret: true },
  },
}

export const key = (): string => randomBytes(32).toString('base64')

export const made = (more: Partial<NewConnection> = {}): NewConnection => ({
  tenant: 'acme',
  name: 'meta-eu',
  source: 'meta',
  config: { account: '42', token: 'hush-hush' },
  schedule: 'every 1h',
  timezone: 'UTC',
  nextRunAt: NOW,
  ...more,
})

const token = (access: string): Tokens => ({ access, obtainedAt: 1, expiresAt: 2, refresh: 'r' })
const { signal } = new AbortController()

/** What connections of tenants must do in every catalogue. */
export function connectionsContract(t: Test, lab: CatalogueLab): void {
  t.test('secrets are sealed in the catalogue, and nobody but the engine opens them', async t => {
    const { catalogue, raw } = await house(t, lab)
    await catalogue.migrate()
    const connections = new Connections(catalogue, Vault.of(key()), () => NOW)
    await connections.add(made(), spec)
    const found = await connections.get('acme', 'meta-eu')
    t.match(found, { source: 'meta', config: { account: '42' }, status: 'NEW', isPaused: false })
    t.notOk(JSON.stringify(found).includes('hush'))
    t.same(await connections.config(found), { account: '42', token: 'hush-hush' })
    t.match(
      await failure(catalogue.query({ tenant: 'acme' }, 'SELECT secrets FROM connections')),
      { code: 'STORE_REFUSED' },
      'not even the tenant itself reads them',
    )
    t.notOk(JSON.stringify(await raw('SELECT * FROM stratum.connections')).includes('hush'))
  })

  t.test('a tenant sees its own connections, and a name is taken once', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    const connections = new Connections(catalogue, Vault.of(key()), () => NOW)
    await connections.add(made(), spec)
    await connections.add(made({ tenant: 'other' }), spec)
    t.match(await failure(connections.add(made(), spec)), { code: 'USAGE', message: /already/ })
    t.same(
      (await connections.list('acme')).map(c => c.tenant),
      ['acme'],
    )
    t.same(
      (await connections.list(null)).map(c => c.tenant),
      ['acme', 'other'],
    )
    await connections.remove('acme', 'meta-eu')
    t.match(await failure(connections.get('acme', 'meta-eu')), { code: 'NOT_FOUND' })
    t.equal((await connections.list('other')).length, 1)
    t.match(await failure(connections.remove('acme', 'meta-eu')), { code: 'NOT_FOUND' })
  })

  t.test('told anew, it connects with what it is told, and keeps what is its own', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    const vault = Vault.of(key())
    const connections = new Connections(catalogue, vault, () => NOW)
    const tokens = new KeptTokens(catalogue, vault, new Locks(catalogue), made(), signal)
    await connections.put(made(), spec)
    await tokens.update(async () => token('old'))
    const before = await connections.get('acme', 'meta-eu')
    await connections.ended(before, NOW, {
      ...{ status: 'BLOCKED', records: null, deadLetters: null, error: 'refused', nextRunAt: null },
    })
    const anew = made({ config: { account: '43', token: 'other' }, schedule: 'every 2h', nextRunAt: NOW + 1 })
    await connections.put(anew, spec)
    const found = await connections.get('acme', 'meta-eu')
    t.match(found, { status: 'NEW', error: null, failures: 0, schedule: 'every 2h', nextRunAt: NOW + 1 })
    t.equal(found.endedAt, NOW)
    t.same(await connections.config(found), { account: '43', token: 'other' })
    t.equal(await tokens.load(), null, 'tokens came of the credentials before')

    await connections.rest('acme', 'meta-eu')
    t.match(await connections.get('acme', 'meta-eu'), { isPaused: false, nextRunAt: null })
    await connections.put(anew, spec)
    t.equal((await connections.get('acme', 'meta-eu')).nextRunAt, NOW + 1)
    t.match(await failure(connections.rest('acme', 'none')), { code: 'NOT_FOUND' })

    await connections.setPaused('acme', 'meta-eu', true, null)
    await connections.put(anew, spec)
    t.match(await connections.get('acme', 'meta-eu'), { isPaused: true, nextRunAt: null })
    t.match(await failure(connections.put(made({ source: 'csv' }), spec)), {
      code: 'USAGE',
      message: /reads meta, where one of csv/,
    })
    t.same(await connections.config(await connections.get('acme', 'meta-eu')), anew.config)
  })

  t.test('what is due comes, the longest first; what is paused or blocked does not', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    let now = NOW
    const connections = new Connections(catalogue, Vault.of(key()), () => now)
    for (const [name, at] of [
      ['late', NOW - 10],
      ['later', NOW - 5],
      ['soon', NOW + 5],
      ['asked', null],
    ] as const)
      await connections.add(made({ name, nextRunAt: at }), spec)
    const due = async () => (await connections.due(9)).map(c => c.name)
    t.same(await due(), ['late', 'later'])
    t.ok(await connections.setPaused('acme', 'late', true, null))
    t.notOk(await connections.setPaused('acme', 'late', true, null))
    await connections.callFor('acme', 'asked')
    now = NOW + 9
    t.same(await due(), ['later', 'asked', 'soon'])
    const later = await connections.get('acme', 'later')
    await connections.begun(later)
    t.match(await connections.get('acme', 'later'), { status: 'RUNNING', startedAt: now })
    const end = { records: null, deadLetters: null, nextRunAt: null }
    await connections.ended(later, now, { ...end, status: 'BLOCKED', error: 'revoked' })
    t.match(await connections.get('acme', 'later'), { status: 'BLOCKED', error: 'revoked', failures: 1 })
    t.same(await due(), ['asked', 'soon'])
    t.ok(await connections.setPaused('acme', 'later', false, now), 'to go on takes the block away')
    t.match(await connections.get('acme', 'later'), { status: 'NEW', failures: 0 })
    t.same(await due(), ['asked', 'soon', 'later'])
  })

  t.test('a run that is called for while another goes on still comes', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    let now = NOW
    const connections = new Connections(catalogue, Vault.of(key()), () => now)
    await connections.add(made(), spec)
    const began = now
    const running = await connections.get('acme', 'meta-eu')
    now += 10
    await connections.callFor('acme', 'meta-eu')
    const end = { status: 'OK', records: 5, deadLetters: 0, error: null, nextRunAt: NOW + 3600 } as const
    await connections.ended(running, began, end)
    t.match(await connections.get('acme', 'meta-eu'), { nextRunAt: NOW + 10, status: 'OK', records: 5 })
  })

  t.test('a new key takes over everything, and the old one can go', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    const [old, fresh] = [key(), key()]
    const before = new Connections(catalogue, Vault.of(old), () => NOW)
    await before.add(made(), spec)
    await before.add(made({ name: 'bare', config: { account: '7' } }), spec)
    const locks = new Locks(catalogue)
    const of = { tenant: 'acme', name: 'meta-eu' }
    await new KeptTokens(catalogue, Vault.of(old), locks, of, signal).update(async () => token('a'))
    const both = new Connections(catalogue, Vault.of(`${fresh},${old}`), () => NOW)
    t.equal(await both.rekey(), 1)
    t.equal(await both.rekey(), 0)
    const after = new Connections(catalogue, Vault.of(fresh), () => NOW)
    t.match(await after.config(await after.get('acme', 'meta-eu')), { token: 'hush-hush' })
    t.match(await new KeptTokens(catalogue, Vault.of(fresh), locks, of, signal).load(), token('a'))
  })

  t.test('a process that was killed left its locks, and the next one waited a minute for them', async t => {
    const { catalogue } = await house(t, lab)
    await catalogue.migrate()
    t.ok(await new Locks(catalogue).take(['left behind']))
    const next = new Locks(catalogue)
    t.equal(await next.take(['left behind']), null)
    await next.clear()
    const held = await next.take(['left behind'])
    t.ok(held)
    await held!.release()
  })

  t.test('a lock is one process’s, all of its names or none, until it ends or is left alone', async t => {
    const { catalogue, open } = await house(t, lab)
    await catalogue.migrate()
    const [one, two] = [new Locks(catalogue), new Locks(open())]
    const held = (await one.take(['a', 'b']))!
    t.ok(held)
    t.equal(await two.take(['c', 'b']), null)
    const c = (await two.take(['c']))!
    t.ok(c, 'what was not got was not kept')
    await held.release()
    const again = (await two.take(['b', 'a']))!
    t.ok(again)
    await Promise.all([c.release(), again.release()])
    const short = new Locks(catalogue, 1500)
    const kept = (await short.take(['d']))!
    await sleep(2500)
    t.equal(await two.take(['d']), null, 'it is kept while it is used')
    await kept.release()
    // Of a process that was killed.
    await catalogue.query('system', "INSERT INTO locks VALUES ('e', 'gone', 1)")
    t.ok(await two.take(['e']))
  })

  t.test('tokens are renewed by one process at a time', async t => {
    const { catalogue, open } = await house(t, lab)
    await catalogue.migrate()
    const vault = Vault.of(key())
    await new Connections(catalogue, vault, () => NOW).add(made(), spec)
    const of = { tenant: 'acme', name: 'meta-eu' }
    const stores = [catalogue, open()].map(c => new KeptTokens(c, vault, new Locks(c), of, signal))
    const seen: (string | null)[] = []
    let renewing = 0
    await Promise.all(
      [...stores, ...stores].map((store, i) =>
        store.update(async current => {
          t.equal(++renewing, 1)
          seen.push(current?.access ?? null)
          await sleep(5)
          renewing--
          return token(`t${i}`)
        }),
      ),
    )
    t.equal(seen[0], null)
    t.equal(new Set(seen).size, 4, 'each has seen what the one before kept')
  })
}
