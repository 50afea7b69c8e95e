import { messageOf, StratumError } from '../../errors.ts'
import type { CaseResult, Checks, FileProblem, LoadChecks, Tested } from '../checks.ts'
import { filesOf, readText } from '../files.ts'
import {
  addCommand,
  type CliCommand,
  cell,
  EXIT,
  type OutputOptions,
  printRows,
  type Row,
  type Session,
  toJson,
  withOutput,
} from '../kit/index.ts'

interface Options extends OutputOptions {
  readonly coverage?: boolean
}

/** `stratum test`: the tests of rules and policies, one line a case. */
export function testCommand(program: CliCommand, load: LoadChecks): void {
  addCommand<Options, [string[]]>(program, {
    usage: 'test [files...]',
    summary: 'run the YAML tests of rules and policies; without files: all below this folder',
    examples: ['stratum test', 'stratum test policies.test.yaml --coverage', 'stratum test rules/ --json'],
    options: c => {
      withOutput(c)
      c.option('--coverage', 'and what no case reached')
    },
    async run(session, options, [named]) {
      const checks = await load()
      const all: Tested[] = []
      for (const file of filesOf(named)) {
        session.signal.throwIfAborted()
        const tested = testOne(checks, file)
        if (tested === null) continue
        all.push(tested)
        if (options.ndjson) await printRows(session, tested.cases as unknown as Row[], options)
        else if (!options.json) for (const result of tested.cases) await session.write(`${lineOf(result)}\n`)
        for (const problem of tested.problems) process.stderr.write(`${problemLine(problem)}\n`)
      }
      if (all.length === 0)
        throw new StratumError(
          'USAGE',
          'there are no tests here: name files, or put them into NAME.test.yaml or a rule',
        )
      return report(session, checks, all, options)
    },
  })
}

function testOne(
  checks: Checks,
  { path, isNamed }: { readonly path: string; readonly isNamed: boolean },
): Tested | null {
  try {
    const file = { path, text: readText(path) }
    return isNamed || checks.hasTests(file) ? checks.test(file, readText) : null
  } catch (error) {
    // What cannot be read, and nobody asked for, has no tests for all we know.
    if (!isNamed && !/\.test\.ya?ml$/.test(path)) return null
    return { cases: [], problems: [{ file: path, path: '', reason: messageOf(error) }], reached: [] }
  }
}

async function report(
  session: Session,
  checks: Checks,
  all: readonly Tested[],
  options: Options,
): Promise<number> {
  const cases = all.flatMap(one => one.cases)
  const problems = all.flatMap(one => one.problems)
  const failed = cases.filter(({ ok }) => !ok).length
  const coverage = options.coverage ? { not_reached: notReached(checks, all) } : {}
  if (options.json)
    await session.write(
      `${toJson({ passed: cases.length - failed, failed, cases, problems, ...coverage }, 2)}\n`,
    )
  else if (options.ndjson && options.coverage) await session.write(`${toJson(coverage)}\n`)
  else if (options.coverage)
    for (const [kind, names] of Object.entries(notReached(checks, all)))
      await session.write(
        `no case reached ${kind}: ${names.length === 0 ? 'none is left' : names.join(', ')}\n`,
      )
  const wrong = problems.length > 0 ? `, ${problems.length} wrong in files` : ''
  process.stderr.write(`${cases.length - failed} of ${cases.length} cases ok${wrong}\n`)
  return problems.length > 0 ? EXIT.usage : failed > 0 ? EXIT.failed : EXIT.done
}

function notReached(checks: Checks, all: readonly Tested[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(checks.reachable).map(([kind, names]) => {
      const reached = new Set(all.flatMap(one => one.reached.flatMap(each => each[kind] ?? [])))
      return [kind, names.filter(name => !reached.has(name))]
    }),
  )
}

/** `not ok  a.test.yaml: twenty percent is the edge: gate expected "PASS", came "HOLD"`. */
function lineOf({ file, name, ok, failures }: CaseResult): string {
  const why = failures.map(
    ({ at, field, expected, came }) =>
      `${at === null ? '' : `${at} `}${field} expected ${said(expected)}, came ${said(came)}`,
  )
  return cell(`${ok ? 'ok    ' : 'not ok'}  ${file}: ${name}${ok ? '' : `: ${why.join('; ')}`}`)
}

const said = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : toJson(value)

export const problemLine = ({ file, path, reason }: FileProblem): string =>
  cell(`${file}: ${path === '' ? '' : `${path} `}${reason}`)
