import { createInterface } from 'node:readline'
import { Option } from 'commander'
import {
  addCommand,
  addGroup,
  type CliCommand,
  type OutputOptions,
  printDocument,
  printRows,
  withOutput,
} from '../kit/index.ts'
import type { ModelOption, ModelSpec } from '../model.ts'

/** `stratum model NAME`: the arithmetic by itself, on a file. */
export function modelCommands(program: CliCommand, models: readonly ModelSpec[]): void {
  const [first] = models
  if (!first) return
  const group = addGroup(
    program,
    'model',
    'the models by themselves, on a file: no server, no data directory',
    first.examples,
  )
  for (const model of models)
    addCommand<OutputOptions & Record<string, unknown>, (string | undefined)[]>(group, {
      usage: model.usage,
      summary: model.summary,
      examples: model.examples,
      options: c => {
        for (const option of model.options ?? []) c.addOption(optionOf(option))
        withOutput(c)
      },
      async run(session, options, args) {
        const { run } = await model.load()
        const lines = () => createInterface({ input: process.stdin, signal: session.signal })
        const given = args.filter(arg => arg !== undefined)
        const result = run({ args: given, options, lines, signal: session.signal })
        if (Symbol.asyncIterator in result)
          await printRows(session, result, model.isLineByLine ? { ndjson: true } : options)
        else await printDocument(session, await result, options)
      },
    })
}

function optionOf({ flags, description, choices, parse, ...given }: ModelOption): Option {
  const option = new Option(flags, description)
  if (choices) option.choices([...choices])
  if (parse) option.argParser(parse)
  if (given.isList) option.argParser<string[]>((text, before) => [...(before ?? []), text])
  if (given.isRequired) option.makeOptionMandatory()
  if (given.default !== undefined) option.default(given.default)
  return option
}
