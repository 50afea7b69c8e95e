import { StratumError } from '../errors.ts'
import { isPath, loadConnector } from '../source/installed/load.ts'
import type { Source } from '../source/port.ts'
import type { Application } from '../stage/topology.ts'
import { Failure } from './kit/failure.ts'
import type { CliCommand } from './kit/index.ts'
import { pathOf } from './kit/program.ts'
import { settingsOf } from './open.ts'

/** Commands whose first argument is a connector, and may be the path of one. */
const ABOUT_ONE = ['spec', 'check', 'discover', 'read', 'ingest', 'conformance']

/**
 * Connectors that did not come with Stratum: those of the setting `connectors`, and the one a command is about.
 * @throws Failure: one cannot be loaded
 */
export async function installedFor(command: CliCommand): Promise<Source[]> {
  try {
    const loaded = new Map<string | undefined, Source>()
    for (const path of pathsFor(command)) {
      const source = await loadConnector(path)
      // The same by another path: the one asked for now.
      loaded.set(source.module, source)
    }
    return [...loaded.values()]
  } catch (error) {
    throw new Failure(pathOf(command), error)
  }
}

/** @throws USAGE: two connectors have one id, which names their topic and their rows */
export function withoutTwins(app: Application): Application {
  const { sources } = app
  for (const [i, { id, origin }] of sources.entries()) {
    const twin = sources.slice(0, i).find(other => other.id === id)
    if (twin)
      throw new StratumError('USAGE', `${origin} has the id ${id}, and so has ${twin.origin}: rename one`)
  }
  return app
}

function pathsFor(command: CliCommand): string[] {
  const { data, config } = command.optsWithGlobals<{ data?: string; config?: string }>()
  // There `--config` is the connector's own file.
  const isOwn = command.options.some(option => option.long === '--set')
  const { connectors } = settingsOf({
    ...(data === undefined ? {} : { data }),
    ...(config === undefined || isOwn ? {} : { config }),
  })
  const listed = typeof connectors === 'string' ? connectors.split(',') : connectors
  const paths = listed.map(path => path.trim()).filter(path => path !== '')
  const [first] = command.args
  const named = ABOUT_ONE.includes(command.name()) && first !== undefined && isPath(first)
  return named ? [...paths, first] : paths
}
