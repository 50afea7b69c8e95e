import { fromEnvironment } from './environment.ts'
import { readConfigMap } from './file.ts'
import { merge, type Tree, toPointer, valueAt } from './pointer.ts'
import type { Problem } from './problems.ts'
import { SETTINGS_SCHEMA, type Settings } from './settings.ts'
import { check, invalid } from './validate.ts'

export interface LoadOptions {
  /** YAML or JSON. Left out: `STRATUM_CONFIG` of the environment, or no file. */
  readonly file?: string
  /** Left out: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What the command line says; stronger than all else. Undefined leaves stay as they were. */
  readonly overrides?: DeepPartial<Settings>
}

export type DeepPartial<T> = {
  readonly [K in keyof T]?: (T[K] extends object ? DeepPartial<T[K]> : T[K]) | undefined
}

interface Layer {
  readonly value: Tree
  source(path: readonly string[]): string
}

/**
 * Settings: defaults, then the file, then `STRATUM_*`, then `overrides`; the later wins.
 * @throws StratumError CONFIG_INVALID with every problem: source, JSON pointer, what is wrong
 */
export function loadConfig(options: LoadOptions = {}): Settings {
  const env = options.env ?? process.env
  const file = options.file ?? (env.STRATUM_CONFIG || undefined)
  const environment = fromEnvironment(env, SETTINGS_SCHEMA)
  const layers: Layer[] = [
    { value: file === undefined ? {} : readConfigMap(file), source: () => file ?? 'settings' },
    { value: environment.value, source: path => environment.names.get(toPointer(path)) ?? 'environment' },
    { value: (options.overrides ?? {}) as Tree, source: () => 'command line' },
  ]
  const merged = layers.reduce<Tree>((under, layer) => merge(under, layer.value), {})
  const { value, problems } = check(SETTINGS_SCHEMA, merged, 'the settings')
  const lines = [
    ...problems.map(problem => `${sourceOf(problem, layers)}: ${problem.text}`),
    ...environment.problems,
  ]
  if (lines.length > 0) throw invalid(lines)
  return freeze(value) as Settings
}

/** The strongest layer that says anything at the place of a problem. */
function sourceOf({ path }: Problem, layers: readonly Layer[]): string {
  for (const layer of layers.toReversed()) {
    if (valueAt(layer.value, path) !== undefined) return layer.source(path)
  }
  return 'settings'
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}
