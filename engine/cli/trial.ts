import { isoTime } from '../clock/iso.ts'
import { type Settings, validate } from '../config/index.ts'
import { StratumError } from '../errors.ts'
import type { Source, SourceConfig } from '../source/port.ts'
import { type ConnectorOptions, sourceConfig } from './connector.ts'
import type { CliCommand } from './kit/index.ts'

export interface TrialOptions extends ConnectorOptions {
  readonly trial?: boolean
}

export function withTrial<C extends CliCommand>(command: C): C {
  command.option('--trial', 'read its own simulated platform, at its time, instead of what is configured')
  return command
}

/** What a command works with: a configuration, and settings whose clock is the platform's where that is simulated. */
export interface Configured {
  readonly config: SourceConfig
  readonly settings: Settings
  close(): Promise<void>
}

/** @throws USAGE: there is no trial; CONFIG_INVALID */
export async function configured(
  source: Source,
  options: TrialOptions,
  settings: Settings,
): Promise<Configured> {
  if (!options.trial) return { config: sourceConfig(source, options), settings, close: async () => {} }
  if (source.trial === null) throw new StratumError('USAGE', `${source.id} has no trial: leave --trial out`)
  const trial = await source.trial()
  const platform = await trial.start({ seed: 1 })
  return {
    config: validate(source.spec, platform.config, `configuration of ${source.id}'s trial`) as SourceConfig,
    settings: { ...settings, clock: { ...settings.clock, fixed: isoTime(platform.now) } },
    close: () => platform.close(),
  }
}
