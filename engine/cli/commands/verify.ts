import { StratumError } from '../../errors.ts'
import type { Verdict } from '../../ops/verify.ts'
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
import type { MakeApplication } from '../open.ts'

type Options = DataOptions & OutputOptions

export function verifyCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'verify',
    summary: 'prove that every record of the log is in its table or the dead letters, and none twice',
    examples: ['stratum verify --exactly-once', 'stratum verify --exactly-once --json'],
    options: c => {
      c.option('--exactly-once', 'compare offsets in the log with rows and dead letters (the default)')
      withOutput(withData(c))
    },
    async run(session, options) {
      const verdicts: Verdict[] = []
      for await (const verdict of ask(make, options, session, 'verify', {})) verdicts.push(verdict as Verdict)
      const shown =
        options.json || options.ndjson ? verdicts : verdicts.map(({ examples: _, ...counts }) => counts)
      await printRows(session, shown as unknown as Row[], options)
      let waiting = 0
      for await (const row of ask(make, options, session, 'lag', {})) waiting += (row as { lag: number }).lag
      if (waiting > 0)
        process.stderr.write(
          `work is under way or waiting (\`stratum lag\`): this holds for what has been read so far; the next ingest or start goes on\n`,
        )
      const wrong = verdicts.filter(v => v.lost + v.doubled + v.alien > 0)
      if (wrong.length === 0) return
      const where = wrong.map(
        v => `${v.table}: ${v.lost} lost, ${v.doubled} doubled, ${v.alien} alien (${v.examples[0]})`,
      )
      throw new StratumError(
        'LOG_CORRUPT',
        `the warehouse does not agree with the log: ${where.join('; ')}. \`stratum apply${wrong.map(v => ` --lose ${v.table}`).join('')}\` fills what is wrong again from the log.`,
      )
    },
  })
}
