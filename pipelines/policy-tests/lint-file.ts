import type { FileProblem, TextFile } from '../../engine/cli/checks.ts'
import { check, SETTINGS_SCHEMA } from '../../engine/config/index.ts'
import type { JsonSchema, Source } from '../../engine/source/port.ts'
import { checkAutopilotSettings } from '../autopilot/settings/check.ts'
import { AutopilotSettings } from '../autopilot/settings/schema.ts'
import { isTree, type Tree } from '../tree.ts'
import { checkTrustSettings } from '../trust/settings/check.ts'
import { TrustSettings } from '../trust/settings/schema.ts'
import { documentOf } from './document.ts'
import type { Wrong } from './model/wrong.ts'
import { split } from './situation.ts'
import { isRule, isTests, suiteOf } from './test-file.ts'

/** What a file may be, by the names it uses. */
interface Kind {
  readonly what: string
  readonly names: readonly string[]
  problems(value: Tree): readonly { readonly text: string }[]
}

const kindsOf = (sources: readonly Source[]): Kind[] => [
  {
    what: 'settings of the autopilot',
    names: namesOf(AutopilotSettings),
    problems: value => checkAutopilotSettings(value).problems,
  },
  {
    what: 'settings of trust',
    names: namesOf(TrustSettings),
    problems: value => checkTrustSettings(value).problems,
  },
  {
    what: 'settings of the engine',
    names: namesOf(SETTINGS_SCHEMA),
    problems: value => check(SETTINGS_SCHEMA, value, 'settings').problems,
  },
  ...sources.map(({ id, spec }) => ({
    what: `configuration of ${id}`,
    names: namesOf(spec),
    problems: (value: Tree) => check(spec, value, id).problems,
  })),
]

const namesOf = ({ properties = {}, oneOf = [] }: JsonSchema): string[] => [
  ...new Set([...Object.keys(properties), ...oneOf.flatMap(namesOf)]),
]

export interface Linted {
  /** What it was taken for; null: nothing that is known. */
  readonly what: string | null
  readonly problems: readonly FileProblem[]
}

/**
 * Everything that is wrong with a file: a rule, tests, settings, or the configuration of a connection. Which it is, its
 * content says: most of its names have to be names of that kind.
 * @param isNamed somebody asked for this file: then it has to be something
 */
export function lintFile(
  file: TextFile,
  {
    sources,
    isNamed,
    read,
  }: { readonly sources: readonly Source[]; readonly isNamed: boolean; read(path: string): string },
): Linted {
  const said = (what: string | null, wrong: readonly Wrong[]): Linted => ({
    what,
    problems: wrong.map(one => ({ file: file.path, ...one })),
  })
  const found = documentOf(file.text)
  // Of files that nobody named, those that are none of ours may say what they like.
  const isTestsByName = /\.test\.ya?ml$/.test(file.path)
  if ('wrong' in found) return isNamed || isTestsByName ? said('tests', [found.wrong]) : said(null, [])
  const { value } = found
  if (isTree(value) && isRule(value)) return said('a rule', suiteOf(file, value, read).wrong)
  if (isTree(value) && (isTests(value) || isTestsByName))
    return said('tests', suiteOf(file, value, read).wrong)
  if (!isTree(value) || Object.keys(value).length === 0)
    return said(null, isNamed || isTestsByName ? [{ path: '', reason: 'is no object' }] : [])
  const names = Object.keys(value)
  const near = kindsOf(sources)
    .map(kind => ({ kind, known: names.filter(name => kind.names.includes(name)).length }))
    .filter(({ known }) => known * 2 > names.length && (isNamed || known >= 2))
  if (near.length === 0)
    return said(
      null,
      isNamed
        ? [{ path: '', reason: 'is neither a rule, tests, settings nor the configuration of a connection' }]
        : [],
    )
  const most = Math.max(...near.map(({ known }) => known))
  // What several kinds have names for, is the one it fits best.
  const [best] = near
    .filter(({ known }) => known === most)
    .map(({ kind }) => ({ kind, problems: kind.problems(value) }))
    .sort((a, b) => a.problems.length - b.problems.length)
  const { kind, problems } = best!
  return said(
    kind.what,
    problems.map(({ text }) => split(text)).map(one => ({ ...one, reason: `${one.reason} (${kind.what})` })),
  )
}
