import { didYouMean } from '../../config/index.ts'
import { StratumError } from '../../errors.ts'
import { CHECKS, conformance } from '../../source/conformance/conformance.ts'
import type { CheckResult } from '../../source/conformance/result.ts'
import { redactText } from '../../telemetry/redact.ts'
import { sourceOf } from '../connector.ts'
import {
  addCommand,
  type CliCommand,
  cell,
  type DataOptions,
  EXIT,
  integer,
  type OutputOptions,
  printRows,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly seed?: number
  readonly check?: readonly string[]
  readonly big?: boolean
}

export function conformanceCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'conformance <connector>',
    summary: 'hold a connector to its contract, against its own simulator or files: one line a check',
    examples: ['stratum conformance csv', 'stratum conformance csv --check resume --json'],
    options: c => {
      withOutput(withData(c))
      c.option('--check <name...>', 'these checks only')
      c.option('--seed <n>', "what the simulator's data follow from (default: 1)", integer())
      c.option('--big', 'measure memory with a million records')
    },
    async run(session, options, [id]) {
      const source = sourceOf(make(settingsOf(options)), id)
      refuseUnknown(options.check)
      let failures = 0
      const results = conformance(source, {
        signal: session.signal,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.check === undefined ? {} : { only: options.check }),
        ...(options.big === undefined ? {} : { big: options.big }),
      })
      const counted = async function* () {
        for await (const result of results) {
          if (result.result === 'failed') failures++
          yield result
        }
      }
      if (options.json || options.ndjson)
        await printRows(
          session,
          mapped(counted(), result => ({ ...result })),
          options,
        )
      else for await (const result of counted()) await session.write(`${lineOf(result)}\n`)
      return failures > 0 ? EXIT.failed : EXIT.done
    },
  })
}

const WIDTH = Math.max(...CHECKS.map(({ name }) => name.length))

/** `resume        ok: 18 states`, `drift         FAILED: …`, `token         does not apply: …`. */
function lineOf({ check, title, result, reason }: CheckResult): string {
  const word = result === 'failed' ? 'FAILED' : result
  const why = result === 'ok' ? `${title}${reason ? ` (${reason})` : ''}` : `${reason ?? title}`
  return cell(redactText(`${check.padEnd(WIDTH)}  ${word}: ${why}`))
}

async function* mapped<A, B>(from: AsyncIterable<A>, to: (value: A) => B): AsyncGenerator<B> {
  for await (const value of from) yield to(value)
}

function refuseUnknown(names: readonly string[] | undefined): void {
  const known = CHECKS.map(check => check.name)
  for (const name of names ?? [])
    if (!known.includes(name))
      throw new StratumError(
        'USAGE',
        `there is no check ${name}${didYouMean(name, known)}; there are: ${known.join(', ')}`,
      )
}
