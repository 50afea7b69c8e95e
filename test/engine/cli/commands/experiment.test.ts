import t from 'tap'
import { fails, place, refuses } from './place.ts'

const { write, stratum, json, rows } = place(t)
const TENANT = ['--tenant', 'demo'] as const
const DEFINITION = `
name: Buttons
parameter: exp_button
arms:
  - { name: control, control: true, split_pct: 50, values: [a] }
  - { name: blue, split_pct: 40, values: [b] }
`

t.test('an experiment from its draft to its end', async t => {
  const file = ['--file', 'buttons.yaml'] as const
  write('buttons.yaml', DEFINITION)
  const given = (step: string, ...more: string[]) =>
    ['experiment', step, 'buttons', ...TENANT, ...more] as const
  t.match(await json(...given('create', ...file, '--role', 'manager')), { accepted: true, state: 'DRAFT' })
  refuses(
    t,
    await stratum(...given('start')),
    /VALIDATION_ERROR: arms: splits are 100 per cent together, got 90/,
  )
  write('buttons.yaml', DEFINITION.replace('40', '50'))
  t.match(await json(...given('update', ...file)), { accepted: true })
  t.match(await json(...given('start', '--as', 'anna')), { accepted: true, state: 'RUNNING' })
  refuses(t, await stratum(...given('stop')), /VALIDATION_ERROR: say why/)
  t.match(await json(...given('stop', '--reason', 'enough')), { state: 'STOPPED' })
  fails(t, await stratum(...given('create')), 2, /say where its definition is: --file FILE/)
  t.strictSame(
    await rows('query', 'SELECT command, accepted FROM stratum.command_results ORDER BY given_at'),
    [
      { command: 'experiment.create', accepted: true },
      { command: 'experiment.start', accepted: false },
      { command: 'experiment.update', accepted: true },
      { command: 'experiment.start', accepted: true },
      { command: 'experiment.stop', accepted: false },
      { command: 'experiment.stop', accepted: true },
    ],
  )
})
