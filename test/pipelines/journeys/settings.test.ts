import t from 'tap'
import { type CommandResult, commandResultKind } from '../../../engine/command/command.ts'
import { checkJourneySettings, journeySettingsOf } from '../../../pipelines/journeys/settings/check.ts'
import { noon } from '../facts.ts'
import { Row } from '../row.ts'

const set = (row: Row, change: unknown, n: number) =>
  row.feed({
    kind: 'command',
    value: {
      tenant_id: 'demo',
      event_id: `c${n}`,
      event_time: noon(),
      ingest_time: noon(),
      command: 'settings.set',
      actor: 'anna',
      role: 'ADMIN',
      reason: null,
      body: JSON.stringify({ subject: 'journeys', change }),
    },
  })

t.test('settings go to every partition of people; bad ones are refused, with the path', async t => {
  const row = await Row.open('tenant', 'facts')
  const written = set(row, { preset: 'ga4' }, 1).filter(w => w.topic === 'persons')
  t.match(written, [
    {
      kind: 'settings',
      value: { subject: 'journeys', version: 1, settings: '{"preset":"ga4"}', command_id: 'c1' },
    },
  ])
  t.same(
    set(row, { lookback_days: -1 }, 2).filter(w => w.topic === 'persons'),
    [],
  )
  t.match(row.of<CommandResult>(commandResultKind).at(-1), { accepted: false, message: /lookback_days/ })
  set(row, { position: { first_pct: 70 } }, 3)
  t.match(row.of<CommandResult>(commandResultKind).at(-1), {
    accepted: false,
    message: /position: first_pct and last_pct are .* at most 100 together, got 110/,
  })
})

t.test('they pass by the person task to all journeys', async t => {
  const tenant = await Row.open('tenant', 'facts')
  const person = await Row.open('person', 'persons')
  const [told] = set(tenant, { preset: 'ga4' }, 1).filter(w => w.topic === 'persons')
  const on = person.feed({ kind: told!.kind, value: told!.value })
  t.match(on, [{ topic: 'touches', kind: 'settings', value: told!.value }])
})

t.test('a preset sets what is left out, and what is set beside it goes first', async t => {
  t.match(journeySettingsOf('{}'), {
    lookback_days: 90,
    path_by: 'channel',
    exclude_direct: false,
    half_life_days: 7,
  })
  t.match(journeySettingsOf('{"preset":"ga4"}'), { lookback_days: 0, path_by: 'source_medium' })
  t.match(journeySettingsOf('{"preset":"ga4","lookback_days":30}'), {
    lookback_days: 30,
    path_by: 'source_medium',
  })
  t.match(checkJourneySettings({ preset: 'ga5' }), { settings: null, problems: [{ text: /preset/ }] })
  t.match(checkJourneySettings(null).settings, null)
})
