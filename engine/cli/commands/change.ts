import { owner } from '../../owner/lock.ts'
import { ask } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

type Options = DataOptions & OutputOptions & { readonly lose: readonly string[] }

const collect = (value: string, before: readonly string[]) => [...before, value]

export function planCommands(program: CliCommand, make: MakeApplication): void {
  add(
    program,
    make,
    'plan',
    'what this release would change in tables, topics, schemas and states; changes nothing',
  )
  add(program, make, 'apply', 'do what plan shows; rows are dropped only of tables whose names are typed')
}

/** An engine that runs answers for the release it was started with, which need not be this program's. */
function release(options: Options): string {
  const running = owner(settingsOf(options).dataDir)
  return running ? `the release that runs on it (process ${running.pid})` : 'this release'
}

function add(program: CliCommand, make: MakeApplication, name: 'plan' | 'apply', summary: string): void {
  addCommand<Options>(program, {
    usage: name,
    summary,
    examples: [`stratum ${name}`, `stratum ${name} --lose events`],
    options: c => {
      c.option(
        '--lose <table>',
        'this table is made anew and fills from the log again, repeatable',
        collect,
        [],
      )
      withOutput(withData(c))
    },
    async run(session, options) {
      const changes: Row[] = []
      for await (const change of ask(make, options, session, name, { lose: options.lose }))
        changes.push(change as Row)
      if (changes.length > 0 || options.json || options.ndjson) await printRows(session, changes, options)
      else process.stderr.write(`nothing to change: this data directory is what ${release(options)} needs\n`)
      if (name === 'apply' && changes.some(c => c.action === 'recreate'))
        process.stderr.write(
          'tables made anew fill from the log at the next `stratum start` or `stratum ingest`\n',
        )
    },
  })
}
