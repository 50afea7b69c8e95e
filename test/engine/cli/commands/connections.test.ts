import t from 'tap'
import type { ShownConnection } from '../../../../engine/ops/connections.ts'
import { lines } from '../../../support/program.ts'
import { CSV, fails, place } from './place.ts'

// A clock that stands still would never let a schedule come.
const { stratum, json, start } = place(t, { STRATUM_CLOCK__FIXED: '' })
const acme = ['--tenant', 'acme'] as const
const add = (name: string, ...more: string[]) =>
  ['connections', 'add', ...CSV, '--name', name, ...acme, ...more] as const
const list = () => json<ShownConnection[]>('connections', 'list', ...acme)

t.test('connect, read and look with no engine', async t => {
  t.match(await json(...add('spend', '--schedule', 'manual')), {
    status: 'NEW',
    connector: 'csv',
    next_run: null,
  })
  const synced = await json<ShownConnection>('connections', 'sync', 'spend', ...acme)
  t.match(synced, { status: 'OK', records: 5, dead_letters: 1, next_run: null })
  t.match(await json('query', 'SELECT count() AS n FROM ad_metrics_daily'), [{ n: '4' }])
  t.match(await json('connections', 'check', 'spend', ...acme), { status: 'ok' })
  t.match(await json('connections', 'show', 'spend', ...acme), { config: { mapping: 'generic' } })
})

t.test('what does not connect is not kept, and is told in a line', async t => {
  fails(t, await stratum(...add('spend')), 2, /acme has a connection spend already/)
  fails(t, await stratum(...add('wrong', '--set', 'path=nowhere.csv')), 1, /nowhere\.csv/)
  fails(t, await stratum(...add('late', '--schedule', 'now and then')), 1, /every 15m/)
  fails(t, await stratum(...add('Bad Name')), 2, /small letters/)
  fails(t, await stratum('connections', 'add', 'cvs', ...acme), 2, /did you mean csv|there are/)
  fails(t, await stratum('connections', 'sync', 'nobody', ...acme), 1, /acme has no connection nobody/)
  fails(t, await stratum('connections', 'sync', 'spend'), 2, /--tenant/)
  t.same(
    (await list()).map(c => c.name),
    ['spend'],
  )
})

t.test('beside an engine a connection is read at once, then by its schedule; paused, it is not', async t => {
  const engine = start('start', '--port', '0')
  t.teardown(() => engine.kill())
  for await (const line of lines(engine.stdout)) if (line.startsWith('ready')) break
  await json(...add('second', '--schedule', 'every 1d'))
  const second = async () => (await list()).find(c => c.name === 'second')!
  while ((await second()).status !== 'OK');
  t.match(await second(), { next_run: /^20\d\d-/, records: 5, paused: false })
  t.match(await json('connections', 'pause', 'second', ...acme), {
    status: 'PAUSED',
    changed: true,
    next_run: null,
  })
  fails(t, await stratum('connections', 'sync', 'second', ...acme), 2, /resume second/)
  t.match(await json('connections', 'resume', 'second', ...acme), { changed: true })
  t.match(await json('connections', 'sync', 'spend', ...acme), { status: 'OK', records: 0 })
  t.match(await json('connections', 'remove', 'spend', ...acme), { removed: true })
  t.match(
    await json('query', 'SELECT count() AS n FROM ad_metrics_daily'),
    [{ n: '4' }],
    'what it read stays',
  )
})
