import type { Running } from '../runtime/running.ts'
import type { BesideEvent } from '../stage/topology.ts'
import { logger } from '../telemetry/logger.ts'

/** What the application has at work beside its tasks in this process, with a line for what it says. */
export function beside(engine: Pick<Running, 'stores' | 'groups'>): { stop(): Promise<void> } {
  const log = logger('beside')
  const tell = ({ level, message }: BesideEvent): void => void log[level](message)
  const all = (engine.stores.app.beside ?? []).map(begin => begin({ engine, tell }))
  return { stop: async () => void (await Promise.all(all.map(one => one.stop()))) }
}
