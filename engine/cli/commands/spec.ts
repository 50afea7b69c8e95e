import type { JsonSchema } from '../../source/port.ts'
import { sourceOf } from '../connector.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

export function specCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions, [string]>(program, {
    usage: 'spec <connector>',
    summary: 'what a connector has to be told: its settings; as JSON Schema with --json',
    examples: ['stratum spec csv', 'stratum spec csv --json'],
    options: c => withOutput(withData(c)),
    async run(session, options, [id]) {
      const { spec } = sourceOf(make(settingsOf(options)), id)
      if (options.json || options.ndjson) return printDocument(session, spec as Row, options)
      await printRows(session, settingsIn(spec))
    },
  })
}

/** A row a setting, those of a section by their dotted names, as `--set` takes them. */
function settingsIn(schema: JsonSchema, prefix = ''): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    if (setting.properties) return settingsIn(setting, `${prefix}${name}.`)
    const { title, description, secret } = setting
    return [
      {
        setting: `${prefix}${name}`,
        type: typeOf(setting),
        required: schema.required?.includes(name) ? 'yes' : 'no',
        default: setting.default ?? null,
        meaning: [title, description, secret ? 'secret' : undefined].filter(Boolean).join('. '),
      },
    ]
  })
}

function typeOf({ type, enum: values, oneOf }: JsonSchema): string {
  if (values) return values.join(' | ')
  if (oneOf) return oneOf.map(typeOf).join(' | ')
  return type === undefined ? 'any' : [type].flat().join(' | ')
}
