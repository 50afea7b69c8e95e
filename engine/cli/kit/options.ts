import { type Command, InvalidArgumentError, Option } from 'commander'

/** `--json`, `--ndjson`: the options `printRows` and `printDocument` understand. */
export function withOutput<C extends Command>(command: C): C {
  command.addOption(new Option('--json', 'one JSON document').conflicts('ndjson'))
  command.addOption(new Option('--ndjson', 'one JSON document a line').conflicts('json'))
  return command
}

export interface DataOptions {
  readonly data?: string
  readonly config?: string
}

/** `--data DIR`, `--config FILE`: without a default, so that settings files and the environment are heard. */
export function withData<C extends Command>(command: C): C {
  command.option('--data <dir>', 'directory of the embedded stores (default: .stratum)')
  command.option('--config <file>', 'settings file, YAML or JSON')
  return command
}

export interface SetOptions {
  readonly set: readonly string[]
}

/** `--set key=value`, as often as need be; `parseSets` of engine/config reads them. */
export function withSets<C extends Command>(command: C): C {
  const collect = (value: string, before: readonly string[]) => [...before, value]
  command.option('--set <key=value>', 'one setting, repeatable', collect, [])
  return command
}

/** For `option('--count <n>', …, integer(1))`: a whole number within bounds, or wrong arguments. */
export function integer(least = 0, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value
    const upTo = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`
    throw new InvalidArgumentError(`It must be a whole number, at least ${least}${upTo}.`)
  }
}

/** For `option('--level <p>', …, decimal(0, 1))`: a finite number within bounds. */
export function decimal(
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): (text: string) => number {
  return text => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(value) && value >= least && value <= most) return value
    const bounds = [
      ...(least > Number.NEGATIVE_INFINITY ? [`at least ${least}`] : []),
      ...(most < Number.POSITIVE_INFINITY ? [`at most ${most}`] : []),
    ]
    throw new InvalidArgumentError(
      `It must be a number${bounds.length > 0 ? `, ${bounds.join(' and ')}` : ''}.`,
    )
  }
}
