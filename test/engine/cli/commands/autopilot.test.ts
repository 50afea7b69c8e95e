import t from 'tap'
import { fails, place, refuses } from './place.ts'

const { stratum, json, rows } = place(t)

const TENANT = ['--tenant', 'demo'] as const

t.test('where there is nothing yet', async t => {
  fails(t, await stratum('autopilot', 'status'), 2, /say whose: --tenant ID/)
  t.match(await json('autopilot', 'status', ...TENANT), {
    accepted: true,
    engaged: false,
    auto_approve: false,
    actions: [],
  })
})

t.test('the kill switch, as who may', async t => {
  refuses(t, await stratum('autopilot', 'kill', ...TENANT), /VALIDATION_ERROR: \/reason is missing/)
  refuses(
    t,
    await stratum('autopilot', 'kill', ...TENANT, '--role', 'ANALYST', '--reason', 'x'),
    /FORBIDDEN: killswitch.engage takes MANAGER or ADMIN/,
  )
  t.match(
    await json('autopilot', 'kill', ...TENANT, '--as', 'anna', '--role', 'MANAGER', '--reason', 'stop'),
    {
      autopilot_enabled: false,
      engaged: true,
      actor: 'anna',
    },
  )
  t.match(await rows('tap', 'killswitch', '--no-follow'), [
    { value: { engaged: true } },
    { value: { engaged: true } },
  ])
  refuses(
    t,
    await stratum('autopilot', 'release', ...TENANT, '--role', 'MANAGER', '--reason', 'go'),
    /FORBIDDEN/,
  )
  t.match(await json('autopilot', 'release', ...TENANT, '--reason', 'go'), { engaged: false })
})

t.test('what people ask that cannot be', async t => {
  const queue = ['autopilot', 'queue', ...TENANT, '--action', 'BUDGET_INCREASE', '--to', '20'] as const
  refuses(t, await stratum(...queue), /NOT_FOUND: nothing is known of an entity/)
  refuses(t, await stratum(...queue, '--entity', 'meta:a1:c1'), /NOT_FOUND: nothing is known of meta:a1:c1/)
  refuses(
    t,
    await stratum('autopilot', 'approve', 'nothing', ...TENANT),
    /NOT_FOUND: there is no such action/,
  )
  fails(t, await stratum('autopilot', 'queue', ...TENANT, '--to', 'many'), 2, /many/)
})

t.test('settings of the document, by its own names', async t => {
  t.match(
    await json(
      'settings',
      'autopilot',
      ...TENANT,
      '--set',
      'max_campaign_budget=5000',
      '--set',
      'default_mode=HARD_BLOCK',
    ),
    { version: 1 },
  )
  fails(
    t,
    await stratum('settings', 'autopilot', ...TENANT, '--set', 'max_budget=1'),
    1,
    /VALIDATION_ERROR: .*max_budget/,
  )
  fails(
    t,
    await stratum('settings', 'autopilot', 'limits.yaml', ...TENANT),
    2,
    /too many arguments .*; a file is named by --file FILE; see stratum settings --help/,
  )
  fails(
    t,
    await stratum('settings', 'nothing', ...TENANT),
    1,
    /there are no settings "nothing"; there are: .*autopilot/,
  )
})
