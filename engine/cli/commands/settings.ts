import { merge, parseSets, parseUnsets, readConfigMap } from '../../config/index.ts'
import { StratumError } from '../../errors.ts'
import type { ShownSettings } from '../../ops/settings.ts'
import { askOne } from '../ask.ts'
import { carryOut } from '../carry-out.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  type Row,
  type SetOptions,
  withData,
  withOutput,
  withSets,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

interface Options extends DataOptions, OutputOptions, SetOptions {
  readonly tenant?: string
  readonly file?: string
  readonly unset: readonly string[]
  readonly as?: string
  readonly reason?: string
}

/** `stratum settings trust`: shows what a tenant set, or changes it by a command that takes effect in the log. */
export function settingsCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'settings <subject>',
    summary: "a tenant's settings, or a change of them: it takes effect at its place in the log",
    examples: [
      'stratum settings trust --tenant acme',
      'stratum settings trust --tenant acme --set composite.pass=75 --as anna --reason "stricter in December"',
      'stratum settings trust --tenant acme --unset composite.pass',
    ],
    options: c => {
      c.option('--tenant <id>', 'whose')
      withSets(c)
      c.option('--file <file>', 'settings to change, YAML or JSON')
      c.option(
        '--unset <path>',
        'back to its default, repeatable',
        (path: string, before: string[]) => [...before, path],
        [],
      )
      c.option('--as <user>', 'who changes them (default: local)')
      c.option('--reason <text>', 'why')
      withOutput(withData(c))
    },
    async run(session, options, [subject]) {
      const { tenant } = options
      if (tenant === undefined) throw new StratumError('USAGE', 'say whose they are: --tenant ID')
      const change = changeOf(options)
      const args = { tenant, subject, change, actor: options.as, reason: options.reason }
      const isChange = Object.keys(change).length > 0
      const result = isChange
        ? await carryOut<Row>(make, options, session, 'settings.set', args)
        : ((await askOne<ShownSettings>(make, options, session, 'settings.show', args)) as unknown as Row)
      await printDocument(session, result, options)
    },
  })
}

function changeOf({ set, file, unset }: Options): Readonly<Record<string, unknown>> {
  const sets = numbersOf(parseSets(set)) as Record<string, unknown>
  return merge(merge(file === undefined ? {} : readConfigMap(file), sets), parseUnsets(unset))
}

/** Texts of the command line as what they are: `75`, `.5`, `true`, `[[2,100],[6,0]]`; what is none of it stays a text. */
function numbersOf(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^-?\d*\.\d+$/.test(value)) return Number(value)
    try {
      const said: unknown = JSON.parse(value)
      // 1e999 is no number, and in JSON null, which takes a setting back.
      return said === Number.POSITIVE_INFINITY || said === Number.NEGATIVE_INFINITY ? value : said
    } catch {
      return value
    }
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, numbersOf(inner)]))
}
