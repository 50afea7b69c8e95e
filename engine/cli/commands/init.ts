import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { StratumError } from '../../errors.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'
import { settingsOf } from '../open.ts'
import { scaffold } from '../scaffold/files.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** Words of the language: they name the variable in the test. */
const RESERVED = [
  'import',
  'export',
  'default',
  'test',
  'conforms',
  'await',
  'new',
  'class',
  'function',
  'delete',
]

export function initCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions, [string]>(program, {
    usage: 'init <name>',
    summary: 'write a new connector into a folder of that name: four files that pass conformance as they are',
    examples: ['stratum init acme', 'stratum init connectors/acme-ads'],
    options: c => withOutput(withData(c)),
    async run(session, options, [path]) {
      const name = basename(resolve(path))
      refuse(name, make(settingsOf(options)).sources)
      const folder = resolve(path)
      const files = scaffold(name)
      await write(folder, files)
      const shown = `./${relative(process.cwd(), folder) || '.'}`.replace(/^\.\/\.\./, '..')
      const document = { connector: name, folder: shown, files: [...files.keys()] }
      await printDocument(session, document, options)
      if (!options.json && !options.ndjson)
        process.stderr.write(
          `next: \`stratum conformance ${shown}\`, \`stratum read ${shown} --trial --limit 5\`; then make ${shown}/simulator.mjs answer as the platform does, and ${shown}/index.mjs read it\n`,
        )
    },
  })
}

function refuse(name: string, sources: readonly { readonly id: string }[]): void {
  if (!NAME.test(name) || name.length > 40 || RESERVED.includes(name))
    throw new StratumError(
      'USAGE',
      `"${name}" cannot be a connector's id: lower-case letters, digits and single -, a letter first, at most 40, no word of JavaScript; as in acme-ads`,
    )
  if (sources.some(source => source.id === name))
    throw new StratumError('USAGE', `there is a connector ${name} already: choose another name`)
}

/** All or none, and nothing is overwritten: the folder has to be new. */
async function write(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true })
    await mkdir(folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = code === 'EEXIST' ? 'is there already: nothing was written' : `cannot be made (${code})`
    throw new StratumError('USAGE', `${folder} ${why}`, { cause })
  }
  for (const [name, text] of files) await writeFile(join(folder, name), text, { flag: 'wx' })
}
