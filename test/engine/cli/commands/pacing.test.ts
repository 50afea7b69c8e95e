import t from 'tap'
import { CSV, fails, place, refuses } from './place.ts'

const { stratum, json, rows } = place(t)
const TENANT = ['--tenant', 'demo'] as const

t.test('alerts by hand: which there are the stage says, and what is wrong', async t => {
  await json('ingest', ...CSV, ...TENANT)
  for (const step of ['acknowledge', 'resolve'])
    refuses(t, await stratum('pacing', step, 'a1', ...TENANT), /NOT_FOUND: no alert "a1" is open/)
  refuses(
    t,
    await stratum('pacing', 'snooze', 'a1', ...TENANT, '--until', '2026-12-01T09:00:00Z', '--role', 'viewer'),
    /FORBIDDEN/,
  )
  fails(t, await stratum('pacing', 'snooze', 'a1', ...TENANT), 2, /say until when: --until/)
  fails(t, await stratum('pacing', 'snooze', 'a1', ...TENANT, '--until', 'noon'), 2, /say until when/)
  t.strictSame(
    await rows('query', 'SELECT command, accepted FROM stratum.command_results ORDER BY command'),
    [
      { command: 'pacing.acknowledge', accepted: false },
      { command: 'pacing.resolve', accepted: false },
      { command: 'pacing.snooze', accepted: false },
    ],
  )
})
