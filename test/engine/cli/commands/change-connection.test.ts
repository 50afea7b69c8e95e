import t from 'tap'
import type { ShownConnection } from '../../../../engine/ops/connections.ts'
import { CSV, fails, place } from './place.ts'

// A clock that stands still would show the end of the run before as that of the next.
const { stratum, json } = place(t, { STRATUM_CLOCK__FIXED: '' })
const acme = ['--tenant', 'acme'] as const
const change = (...more: string[]) => ['connections', 'change', 'spend', ...acme, ...more] as const
const shown = () => json<Record<string, unknown>>('connections', 'show', 'spend', ...acme)
const sync = () => json<ShownConnection>('connections', 'sync', 'spend', ...acme)

t.test('a connection is told anew what has changed, keeps the rest and goes on where it was', async t => {
  await json('connections', 'add', ...CSV, '--name', 'spend', ...acme, '--schedule', 'manual')
  t.match(await sync(), { status: 'OK', records: 5 })
  const before = await shown()
  fails(t, await stratum(...change('--set', 'path=nowhere.csv')), 1, /nowhere\.csv/)
  t.same(await shown(), before, 'what does not connect so is left as it was')
  const told = await json(...change('--timezone', 'Europe/Berlin', '--schedule', '5 6 * * *'))
  t.match(told, { schedule: '5 6 * * *', next_run: /^20\d\d-/ })
  t.match(await shown(), { config: before.config })
  t.match(await sync(), { status: 'OK', records: 0 }, 'what was read stays read')
})

t.test('what cannot be changed is told in a line', async t => {
  fails(t, await stratum(...change('--schedule', 'now and then')), 1, /every 15m/)
  fails(t, await stratum('connections', 'change', 'nobody', ...acme), 1, /acme has no connection nobody/)
})
