import { fileURLToPath } from 'node:url'
import t from 'tap'
import { exportRow, exportRows, ndjson } from '../connectors/ga4/support.ts'
import { place } from '../engine/cli/commands/place.ts'
import { run } from '../support/program.ts'
import { STACK } from './ingested.ts'
import { FIRST, seconds } from './inputs.ts'

const BROKEN = fileURLToPath(new URL('./broken-stages.js', import.meta.url))
const { cwd, json, stratum, write } = place(t)

const INGEST = ['ingest', 'ga4', '--set', 'path=visit.ndjson', '--tenant', 'demo', '--json']
const MISTAKE = "crashed the stage 3 times: Cannot read properties of undefined (reading 'length')"
const event = (i: number, event_name: string) =>
  exportRow({ event_name, event_timestamp: String((FIRST + i) * 1_000_000) })

interface Figures {
  readonly events: readonly number[]
  readonly funnel: number
  readonly session: number
}
const FIGURES = `SELECT (SELECT arraySort(groupArray(toUnixTimestamp(event_time))) FROM stratum.events) AS events,
  (SELECT sum(events) FROM stratum.funnel_daily) AS funnel, (SELECT sum(events) FROM stratum.sessions_current) AS session`
const figures = () => json<Figures[]>('query', FIGURES)

t.before(() =>
  write(
    'visit.ndjson',
    ndjson([...exportRows(50), event(50, 'breaks_collect'), event(51, 'breaks_sessions')]),
  ),
)

t.test(
  'an event that crashes its stage three times is a dead letter of that stage; all others arrive',
  async t => {
    const { code, out, err } = await run(INGEST, {
      cwd,
      program: BROKEN,
      env: { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z' },
    })
    t.equal(code, 0, 'it went on', { err })
    t.notMatch(out + err, STACK)
    t.match(JSON.parse(out), { read: 52, written: 51, dead_lettered: 2, repeats: 0 })
    for (const stage of ['deduplicate', 'sessions'])
      t.equal(
        err.match(new RegExp(`Stage ${stage} failed on a batch`, 'g'))?.length,
        3,
        `${stage} was tried again`,
      )
    const arrived = [...seconds(50), FIRST + 51]
    t.same(
      await figures(),
      [{ events: arrived, funnel: 51, session: 50 }],
      'other stages have what one could not take',
    )
    t.match(await json('query', 'SELECT stage, reason FROM stratum.dead_letters ORDER BY stage'), [
      { stage: 'deduplicate', reason: MISTAKE },
      { stage: 'sessions', reason: MISTAKE },
    ])
    t.match(await stratum('verify', '--exactly-once'), { code: 0 })
  },
)

t.test('when the mistake is mended they are sent again, each to the stage that refused it', async t => {
  t.match(await json('deadletters', 'replay'), { replayed: 2, left_alone: 0 })
  const again = await json(...INGEST)
  t.match(
    again,
    { read: 0, written: 1, dead_lettered: 0, repeats: 0 },
    'what was sent again is no repeat: it was -1',
  )
  t.same(await figures(), [{ events: seconds(52), funnel: 52, session: 52 }])
  t.match(await stratum('verify', '--exactly-once'), { code: 0 })
})
