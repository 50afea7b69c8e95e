import { messageOf } from '../../errors.ts'
import type { FileProblem, LoadChecks } from '../checks.ts'
import { filesOf, readText } from '../files.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  EXIT,
  type OutputOptions,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'
import { problemLine } from './test.ts'

/** `stratum lint`: everything that is wrong with rules, tests, settings and configurations. */
export function lintCommand(program: CliCommand, make: MakeApplication, load: LoadChecks): void {
  addCommand<DataOptions & OutputOptions, [string[]]>(program, {
    usage: 'lint [files...]',
    summary:
      'check rules, tests, settings and configurations of connections; without files: all below this folder',
    examples: ['stratum lint', 'stratum lint rules/ enforcement.yaml', 'stratum lint meta.yaml --json'],
    options: c => withOutput(withData(c)),
    async run(session, options, [named]) {
      const { sources } = make(settingsOf(options))
      const checks = await load()
      const problems: FileProblem[] = []
      const kinds: Record<string, number> = {}
      for (const { path, isNamed } of filesOf(named)) {
        session.signal.throwIfAborted()
        try {
          const found = checks.lint({ path, text: readText(path) }, { sources, isNamed, read: readText })
          problems.push(...found.problems)
          if (found.what !== null) kinds[found.what] = (kinds[found.what] ?? 0) + 1
        } catch (error) {
          if (isNamed || /\.test\.ya?ml$/.test(path))
            problems.push({ file: path, path: '', reason: messageOf(error) })
        }
      }
      if (options.json || options.ndjson) await printRows(session, problems as unknown as Row[], options)
      else for (const problem of problems) await session.write(`${problemLine(problem)}\n`)
      const looked = Object.entries(kinds).map(([what, count]) => `${count} × ${what}`)
      process.stderr.write(`${looked.join(', ') || 'nothing to check was found'}; ${problems.length} wrong\n`)
      return problems.length > 0 ? EXIT.failed : EXIT.done
    },
  })
}
