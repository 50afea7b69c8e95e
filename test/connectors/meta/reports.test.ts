import t from 'tap'
import { dayIn } from '../../../plugins/sync/index.ts'
import { connected, NOW, sorted } from './support.ts'

const HISTORY = { from: '2026-02-09', to: dayIn('America/New_York', NOW) }
const READ_AT = ['as_of', 'settled']

t.test('a report that fails is asked for in halves', async t => {
  for (const failedStatus of ['Job Failed', 'Job Skipped'] as const) {
    const { records, simulator } = await connected(t)
    Object.assign(simulator.whims, { failJobs: 2, failedStatus })
    t.same(sorted(await records('ad_reports'), READ_AT), sorted(simulator.ledger.adReports(HISTORY)))
    t.ok(simulator.jobs.made > 4)
  }
})

t.test('days too large for any report are asked for at once', async t => {
  const { records, simulator } = await connected(t, { config: { history_days: 6 } })
  simulator.whims.mostRowsOfJob = 5
  const got = await records('ad_reports')
  t.same(sorted(got, READ_AT), sorted(simulator.ledger.adReports({ ...HISTORY, from: '2026-03-15' })))
  t.equal(simulator.gate.calls.get('POST insights'), simulator.jobs.made)
})

t.test('a single day is asked for at once', async t => {
  const { records, simulator } = await connected(t, { config: { history_days: 1 } })
  const got = await records('ad_reports')
  t.same(sorted(got, READ_AT), sorted(simulator.ledger.adReports({ ...HISTORY, from: HISTORY.to })))
  t.equal(simulator.jobs.made, 0)
})

t.test('a day that is too large at once, whatever the page, ends with a clear error', async t => {
  const { records, simulator } = await connected(t, { config: { history_days: 1 } })
  simulator.whims.mostRowsAtOnce = 3
  await t.rejects(records('ad_reports'), { kind: 'fatal', message: /too large: Please reduce the amount/ })
})

t.test('pages that are too large are asked for with fewer rows', async t => {
  const { records, simulator } = await connected(t)
  const error = { code: 1, status: 500, message: "Please reduce the amount of data you're asking for" }
  simulator.gate.faults.push({ path: /campaigns$/, error }, { path: /campaigns$/, error })
  t.equal((await records('campaigns')).length, 3)
})

t.test('a list that names a next page for ever ends', async t => {
  const { records, simulator } = await connected(t)
  simulator.whims.endless = true
  t.equal((await records('campaigns')).length, 3)
})
