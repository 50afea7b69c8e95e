import { didYouMean, merge, parseSets, readConfigMap, type Settings, validate } from '../config/index.ts'
import { StratumError } from '../errors.ts'
import { sourceContext } from '../source/context.ts'
import type { Source, SourceConfig, StreamSpec } from '../source/port.ts'
import { explained } from '../source/trouble.ts'
import type { Application } from '../stage/topology.ts'
import { isTenant } from '../tenant.ts'
import { type CliCommand, type SetOptions, withSets } from './kit/index.ts'
import { settingsOf } from './open.ts'

/** The source of that id or path, or USAGE with the nearest one. */
export function sourceOf(app: Pick<Application, 'sources'>, id: string): Source {
  const found = app.sources.find(s => s.id === id || s.origin === id)
  if (found) return found
  const ids = app.sources.map(s => s.id)
  throw new StratumError(
    'USAGE',
    `there is no connector ${id}${didYouMean(id, ids)}; there are: ${ids.join(', ')}`,
  )
}

export interface ConnectorOptions extends SetOptions {
  readonly config?: string
  readonly data?: string
}

/**
 * `--config FILE`, `--set key=value`, `--data DIR` of a command that is about one connector. The file is the
 * connector's: a settings file of the engine is named by STRATUM_CONFIG there.
 */
export function withConnector<C extends CliCommand>(command: C): C {
  withSets(command)
  command.option('--config <file>', "the connector's settings, YAML or JSON")
  command.option('--data <dir>', 'directory of the embedded stores (default: .stratum)')
  return command
}

/** The engine's settings for such a command. */
export const engineSettings = ({ data }: ConnectorOptions): Settings =>
  settingsOf(data === undefined ? {} : { data })

/** A connector's configuration: its file, then `--set`, checked against its schema with defaults filled in. */
export function sourceConfig(source: Source, options: ConnectorOptions): SourceConfig {
  const base = options.config === undefined ? {} : readConfigMap(options.config)
  return validate(
    source.spec,
    merge(base, parseSets(options.set, source.spec)),
    `configuration of ${source.id}`,
  ) as SourceConfig
}

/** The streams a connection has. @throws what is wrong with it, in one line */
export async function streamsOf(
  source: Source,
  config: SourceConfig,
  signal: AbortSignal,
): Promise<readonly StreamSpec[]> {
  try {
    return await source.discover(sourceContext({ config, signal }))
  } catch (error) {
    signal.throwIfAborted()
    throw explained(source.id, error)
  }
}

export function checkTenant(tenant: string): string {
  if (!isTenant(tenant))
    throw new StratumError(
      'USAGE',
      `tenant "${tenant}" must be 1 to 63 letters, digits, - or _, and begin with a letter or digit`,
    )
  return tenant
}
