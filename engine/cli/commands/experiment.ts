import { readConfigMap } from '../../config/index.ts'
import { StratumError } from '../../errors.ts'
import { addGroup, type CliCommand } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'
import { addSent, type Sent, type SentOptions } from './sent.ts'

const file = (c: CliCommand) => {
  c.option('--file <file>', 'its definition, or what of it changes: YAML or JSON')
}
const named = ([experiment]: readonly string[]) => ({ experiment })
const defined = ([experiment]: readonly string[], { file: path }: SentOptions) => {
  if (path === undefined)
    throw new StratumError('USAGE', 'experiment: say where its definition is: --file FILE')
  return { experiment, definition: readConfigMap(path) }
}

const step = (name: string, summary: string, more = ''): Sent => ({
  usage: `${name} <id>`,
  command: `experiment.${name}`,
  summary,
  examples: [`stratum experiment ${name} buttons --tenant acme${more}`],
  body: named,
})

const SENT: readonly Sent[] = [
  {
    usage: 'create <id>',
    command: 'experiment.create',
    summary: 'define one: arms, metric, the effect worth finding; it is a draft',
    examples: ['stratum experiment create buttons --tenant acme --file buttons.yaml'],
    options: file,
    body: defined,
  },
  {
    usage: 'update <id>',
    command: 'experiment.update',
    summary: 'change a draft; of one that runs the name and description',
    examples: ['stratum experiment update buttons --tenant acme --file buttons.yaml'],
    options: file,
    body: defined,
  },
  step('start', 'take people in from now on'),
  step('pause', 'take nobody in; who is in it goes on'),
  step('resume', 'take people in again'),
  step('complete', 'end it: its figures are what they came to'),
  step('stop', 'end it for a reason', ' --reason "the page was broken"'),
  step('delete', 'forget a draft'),
]

/** `stratum experiment …`: experiments of a tenant; their results are the table experiment_results. */
export function experimentCommands(program: CliCommand, make: MakeApplication): void {
  const experiment = addGroup(
    program,
    'experiment',
    'experiments: which of several ads, ad sets or variants is better; results in the table experiment_results',
    ['stratum experiment start buttons --tenant acme --as anna'],
  )
  for (const sent of SENT) addSent(experiment, 'experiment', sent, make)
}
