import t from 'tap'
import { isEngaged } from '../../../engine/execute/engaged.ts'
import { type KillSwitch, killSwitchKind } from '../../../pipelines/kill-switch/kinds.ts'
import { readBody } from '../../../pipelines/kill-switch/model.ts'
import { ask, command } from '../commands.ts'
import { Row } from '../row.ts'

const open = () => Row.open('tenant', 'facts')
const stop = (more = {}) => command('killswitch.engage', { reason: 'tracking is broken' }, more)
const go = (more = {}) => command('killswitch.release', { reason: 'mended' }, more)

t.test('the document\'s body engages: "enabled" is the autopilot\'s', async t => {
  const row = await open()
  t.match(ask(row, command('killswitch.set', { enabled: false, reason: 'stop' })), {
    accepted: true,
    body: { autopilot_enabled: false, engaged: true, reason: 'stop' },
  })
  t.match(ask(row, command('killswitch.set', { engaged: false, reason: 'go on' })), {
    accepted: true,
    body: { autopilot_enabled: true, engaged: false },
  })
  t.match(row.of<KillSwitch>(killSwitchKind), [
    { engaged: true, revision: 1 },
    { engaged: false, revision: 2 },
  ])
})

t.test('what contradicts itself, or says nothing, is refused', async t => {
  for (const [body, why] of [
    [{ enabled: false, engaged: false, reason: 'x' }, /contradict/],
    [{ reason: 'x' }, /say "engaged"/],
    [{ engaged: true }, /reason/],
    [{ engaged: true, reason: '  ' }, /reason/],
    [{ engaged: 'yes', reason: 'x' }, /true or false/],
    [{ engaged: true, reason: 'x', all: 1 }, /no field "all"/],
    [[], /object/],
    [null, /object/],
  ] as const)
    t.match(readBody(body), { problem: why })
  t.strictSame(readBody({ enabled: false, engaged: true, reason: 'x' }), { engaged: true, reason: 'x' })
  const row = await open()
  t.match(ask(row, command('killswitch.set', '{')), { accepted: false, code: 'VALIDATION_ERROR' })
})

t.test('who may: any MANAGER stops, an ADMIN lets go on, the platform only of everybody', async t => {
  const row = await open()
  for (const role of ['VIEWER', 'ANALYST', 'NOBODY', '__proto__'])
    t.match(ask(row, stop({ role })), { accepted: false, code: 'FORBIDDEN' }, role)
  t.match(ask(row, stop({ role: 'MANAGER' })), { accepted: true })
  t.match(ask(row, go({ role: 'MANAGER' })), { accepted: false, code: 'FORBIDDEN' })
  t.match(ask(row, go({ role: 'SUPERADMIN' })), { accepted: false, code: 'FORBIDDEN' })
  t.match(ask(row, go()), { accepted: true })
  t.match(ask(row, go()), { accepted: true, message: 'it was not engaged' })
  t.match(ask(row, stop({ tenant_id: '*' })), { accepted: false, code: 'FORBIDDEN' })
  t.match(ask(row, stop({ tenant_id: '*', role: 'SUPERADMIN' })), { accepted: true })
})

t.test('sent again after it was released, a stop does not stop again', async t => {
  const row = await open()
  const once = stop()
  ask(row, once)
  ask(row, go())
  t.match(ask(row, once), { accepted: true, body: { engaged: false } })
  t.equal(row.of(killSwitchKind).length, 2)
})

t.test(
  'engaged directly it holds until the fold has seen that command, whatever the fold says of older ones',
  async t => {
    t.equal(isEngaged({ fold: null, direct: null }), false)
    t.equal(isEngaged({ fold: null, direct: { commands: ['b'] } }), true)
    t.equal(isEngaged({ fold: { engaged: false, commands: ['a'] }, direct: { commands: ['b'] } }), true)
    t.equal(isEngaged({ fold: { engaged: false, commands: ['a', 'b'] }, direct: { commands: ['b'] } }), false)
    t.equal(isEngaged({ fold: { engaged: true, commands: ['b'] }, direct: { commands: ['b'] } }), true)
  },
)
