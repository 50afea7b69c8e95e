import t from 'tap'
import { type Command, type CommandResult, commandResultKind } from '../../../engine/command/command.ts'
import { settingsKind } from '../../../pipelines/settings/kinds.ts'
import { changed } from '../../../pipelines/settings/model.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { noon, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { dates, shop, startOf } from '../signals/shop.ts'

let n = 0
const command = (change: unknown, more: Partial<Command> = {}): Told => ({
  kind: 'command',
  value: {
    tenant_id: 'demo',
    event_id: `c${++n}`,
    event_time: noon(),
    ingest_time: noon(),
    command: 'settings.set',
    actor: 'anna',
    role: 'ADMIN',
    reason: null,
    body: JSON.stringify({ subject: 'trust', change }),
    ...more,
  },
})

async function answerTo(row: Row, told: Told): Promise<CommandResult> {
  row.feed(told)
  return row.of<CommandResult>(commandResultKind).at(-1)!
}

t.test('a change is a version, what is said again is none, and null takes back', async t => {
  const row = await Row.open('tenant', 'facts')
  t.match(await answerTo(row, command({ composite: { pass: 75 } })), { accepted: true, code: null })
  const same = command({ composite: { pass: 75 } })
  t.match(await answerTo(row, same), { accepted: true, message: 'as they were' })
  t.match(await answerTo(row, command({ composite: { hold: 50 }, valid_minutes: 5 })), { accepted: true })
  t.match(await answerTo(row, command({ composite: { pass: null } })), { accepted: true })
  t.match(row.of(settingsKind), [
    { version: 1, settings: '{"composite":{"pass":75}}', actor: 'anna' },
    { version: 2, settings: '{"composite":{"pass":75,"hold":50},"valid_minutes":5}' },
    { version: 3, settings: '{"composite":{"hold":50},"valid_minutes":5}' },
  ])
  t.equal(row.of(settingsKind).length, 3)
})

t.test('null where nothing was set was answered as if nothing had been asked', async t => {
  const row = await Row.open('tenant', 'facts')
  t.match(await answerTo(row, command({ valid_minutes: null, composite: { pass: null } })), {
    accepted: true,
    message: 'as they were; null takes back what was set, and nothing was at valid_minutes, composite.pass',
  })
  t.match(await answerTo(row, command({ valid_minutes: 5, composite: { pass: 75, hold: 50 } })), {
    message: 'version 1 is in force',
  })
  t.match(await answerTo(row, command({ valid_minutes: null, composite: { pass: null, block: null } })), {
    message:
      /^version 2 is in force; back to the default: valid_minutes, composite.pass; null .* nothing was at composite.block$/,
  })
  t.match(await answerTo(row, command({ composite: null })), { message: /back to the default: composite$/ })
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`s${i}`, null]))
  t.match(await answerTo(row, command(many)), { message: /nothing was at s0, s1, s2, s3, s4 and 4995 more$/ })
})

t.test('a setting called __proto__ was taken, and lost', async t => {
  const row = await Row.open('tenant', 'facts')
  for (const change of ['{"__proto__":{"x":1}}', '{"composite":{"__proto__":null}}'])
    t.match(await answerTo(row, command({}, { body: `{"subject":"trust","change":${change}}` })), {
      code: 'VALIDATION_ERROR',
      message: 'there is no setting __proto__',
    })
})

t.test('a command that is sent again is answered again and changes nothing', async t => {
  const row = await Row.open('tenant', 'facts')
  const once = command({ valid_minutes: 5 })
  const [first, second] = [await answerTo(row, once), await answerTo(row, once)]
  t.equal(first.command_id, second.command_id)
  t.match(second, { accepted: true, body: first.body })
  t.equal(row.of(settingsKind).length, 1)
})

t.test('bad settings are refused with the path and the reason, and the old ones stay in force', async t => {
  const row = await Row.open('tenant', 'facts')
  await answerTo(row, command({ composite: { pass: 75 } }))
  const refused = async (
    change: unknown,
    message: RegExp,
    more: Partial<Command> = {},
    code = 'VALIDATION_ERROR',
  ) => {
    const answer = await answerTo(row, command(change, more))
    t.match(answer, { accepted: false, code, message }, JSON.stringify(change))
    t.match(JSON.parse(answer.body), { version: 1, settings: { composite: { pass: 75 } } })
  }
  await refused({ composite: { weights: { emq: 0.9 } } }, /\/composite\/weights must sum to 1/)
  await refused({ composite: { hold: 80 } }, /\/composite\/hold must be less than pass/)
  await refused({ anomaly: { metrics: ['clicks'] } }, /\/anomaly\/metrics\/0/)
  await refused({ nonsense: 1 }, /nonsense/)
  await refused(7, /by an object/)
  // What would make an evaluation run for ever, or end in Infinity.
  await refused({ valid_minutes: 1e308 }, /\/valid_minutes/)
  await refused({ variance: { baseline_days: 1e9 } }, /\/variance\/baseline_days/)
  await refused({ match_quality: { key_weights: { email: 1e308 } } }, /\/match_quality\/key_weights\/email/)
  await refused(
    {
      anomaly: {
        score: [
          [2, 100],
          [1e300, 0],
        ],
      },
    },
    /\/anomaly\/score\/1/,
  )
  await refused({ valid_minutes: 5 }, /takes ADMIN; anna is ANALYST/, { role: 'ANALYST' }, 'FORBIDDEN')
  t.match(await answerTo(row, command({}, { body: '{"subject":"other","change":{}}' })), {
    code: 'NOT_FOUND',
  })
  t.match(await answerTo(row, command({}, { body: 'no JSON' })), { code: 'NOT_FOUND' })
  t.equal(row.of(settingsKind).length, 1)
})

t.test('a change takes effect at its place: the next evaluation is by it, and says so', async t => {
  const row = await Row.open('tenant', 'facts')
  const { day } = shop()
  for (const date of dates('2026-01-01', 3)) for (const batch of day(date)) row.feed(...batch)
  row.feed(command({ composite: { pass: 90 } }), told.tick(startOf('2026-01-04') + 300_000_000))
  const rows = row.of<SignalHealth>(signalHealthKind)
  t.strictSame(
    rows.slice(-2).map(r => r.policy_version),
    [0, 1],
  )
})

t.test('changed: what is not named stays, what is empty goes', async t => {
  const before = { a: { b: 1, c: 2 }, d: [1, 2] }
  t.strictSame(changed(before, { a: { b: null } }), { a: { c: 2 }, d: [1, 2] })
  t.strictSame(changed(before, { a: { b: null, c: null } }), { d: [1, 2] })
  t.strictSame(changed(before, { d: [3] }), { a: { b: 1, c: 2 }, d: [3] })
  t.strictSame(changed(before, { a: null }), { d: [1, 2] })
  t.strictSame(before, { a: { b: 1, c: 2 }, d: [1, 2] })
})
