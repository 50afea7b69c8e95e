import t from 'tap'
import { connected, DAY, NOW, sorted } from './support.ts'

const STREAMS = [
  'accounts',
  'campaigns',
  'adsets',
  'ads',
  'ad_reports',
  'ad_demographics',
  'changes',
  'match_quality',
]
const READ_AT = ['as_of', 'settled']

t.test('reading on from every state gives the rest, neither more nor less', async t => {
  const { batches } = await connected(t, { mostRows: 30 })
  for (const stream of STREAMS) {
    const all = await batches(stream)
    for (const [i, { state }] of all.slice(0, -1).entries()) {
      const rest = (await batches(stream, JSON.parse(JSON.stringify(state)))).flatMap(batch => batch.records)
      const wanted = all.slice(i + 1).flatMap(batch => batch.records)
      if (JSON.stringify(rest) !== JSON.stringify(wanted))
        t.fail(`${stream}: from state ${i + 1} of ${all.length}`)
    }
    t.pass(`${stream}: ${all.length} states`)
  }
})

t.test('a report that was thrown away meanwhile is made again', async t => {
  const { batches, simulator } = await connected(t)
  const all = await batches('ad_reports')
  const state = all[2]!.state
  const made = simulator.jobs.made
  const jobs = new Set(JSON.stringify(state).match(/"job":"\d+"/g))
  t.equal(jobs.size, 1, 'the state names the report')
  simulator.jobs.forget()
  const again = (await batches('ad_reports', state)).flatMap(batch => batch.records)
  t.ok(simulator.jobs.made > made)
  t.same(sorted(again), sorted(all.flatMap(batch => batch.records)))
})

t.test('history that was restated is read again by the next run', async t => {
  const { batches, simulator, clock } = await connected(t)
  const first = await batches('ad_reports')
  clock.now = NOW + 2 * DAY
  const next = await batches('ad_reports', first.at(-1)!.state)
  const kept = new Map<string, object>()
  for (const row of [...first, ...next].flatMap(batch => batch.records))
    kept.set(`${row.ad_id} ${row.date}`, row)
  const wanted = simulator.ledger.adReports({ from: '2026-02-09', to: '2026-03-22' })
  t.same(sorted([...kept.values()] as never, READ_AT), sorted(wanted))
  const dates = next.flatMap(batch => batch.records.map(row => String(row.date))).sort()
  t.equal(dates[0], '2026-02-20', 'the 28 days before the last day that was read')
})
