import t from 'tap'
import { AD_KEY, comparable, connected, recordsOf, small } from './support.ts'

/** Of 24 ads an advertiser counts as large here; in life of 20,000. */
const LARGE = { world: small({ ads: 100 }), manyAds: 24, pageRows: 1000, config: { history_days: 10 } }

t.test('a report that would be cut off is read as a task, and equals the ledger', async t => {
  const { batches, ledger, tasks } = await connected(t, LARGE)
  const read = await batches('ad_reports')
  t.same(comparable(recordsOf(read), AD_KEY), comparable(ledger.adDays('2026-03-11', '2026-03-20'), AD_KEY))
  t.equal(tasks.created, 2, 'one for each slice')
  t.ok(read.length > 7, `${read.length} pages`)
  t.match(read[0]!.state, { parts: { 56007: { run: { next: { task: /^\d+$/, row: 1000 } } } } })
})

t.test('a run cut off within a task goes on in its file', async t => {
  const { batches, tasks } = await connected(t, { ...LARGE, config: { history_days: 5 } })
  const all = await batches('ad_reports')
  const made = tasks.created
  for (const [i, { state }] of all.slice(0, -1).entries())
    t.same(recordsOf(await batches('ad_reports', state)), recordsOf(all.slice(i + 1)), `from state ${i + 1}`)
  t.equal(tasks.created, made, 'without asking for it again')
})

t.test('a task that is not known any more is asked for anew', async t => {
  const { batches, tasks } = await connected(t, { ...LARGE, config: { history_days: 5 } })
  const all = await batches('ad_reports')
  tasks.forget()
  const again = await batches('ad_reports', all[1]!.state)
  t.same(recordsOf(again), recordsOf(all), 'its slice is read again from the start')
})

t.test('an app that may not have tasks is told so', async t => {
  const { batches, platform } = await connected(t, LARGE)
  const codes = platform.faults
  const { refusal } = codes
  let asked = 0
  // advertiser/info/, the report, then the task.
  codes.refusal = () =>
    ++asked === 3 ? { code: 40118, message: 'Not in the allowlist' } : refusal.call(codes)
  await t.rejects(batches('ad_reports'), {
    kind: 'auth',
    lack: 'permission',
    message: /a right is missing: 40118 Not in the allowlist/,
  })
})
