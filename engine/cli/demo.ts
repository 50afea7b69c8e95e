import { validate } from '../config/index.ts'
import { place } from '../connect/connections.ts'
import type { Scheduling } from '../connect/scheduling.ts'
import { StratumError } from '../errors.ts'
import type { Demo } from '../runtime/demo.ts'
import type { Stores } from '../runtime/stores.ts'
import type { SourceConfig } from '../source/port.ts'
import { logger } from '../telemetry/logger.ts'
import { sourceOf } from './connector.ts'

/**
 * Starts what the application shows as its demo, sets up its connections and lets them be read.
 *
 * @throws StratumError USAGE: there is none; CONFIG_INVALID: several processes share the catalogue, and no key is set
 */
export async function beginDemo(stores: Stores, schedules: Scheduling): Promise<Pick<Demo, 'close'>> {
  const { app, options } = stores
  if (!app.demo) throw new StratumError('USAGE', 'this application declares no demo')
  const { tenant } = app.demo
  const demo = await app.demo.start({ dataDir: options.dataDir, clock: options.clock })
  try {
    const { connections, vault } = await stores.connect()
    const known = new Set((await connections.list(tenant)).map(({ name }) => name))
    logger('start').info(
      demo.connections.some(({ name }) => known.has(name))
        ? 'The demo goes on where it was left.'
        : 'The demo begins: at first its platforms are read for their whole history.',
    )
    for (const { name, source: id, config, schedule } of demo.connections) {
      const source = sourceOf(app, id)
      // They open simulators of this process, and nothing when it has ended. A database that others read needs a key
      // as for any other credentials: with one of this process alone they would find them unreadable.
      if (options.catalogue?.url === undefined)
        vault.sealForNow([place(tenant, name, 'secrets'), place(tenant, name, 'tokens')])
      const whole = validate(source.spec, config, `configuration of ${id}`) as SourceConfig
      await connections.put(
        {
          ...{ tenant, name, source: id, config: whole, schedule },
          timezone: 'UTC',
          nextRunAt: options.clock(),
        },
        source.spec,
      )
    }
    await schedules.begin()
    return {
      async close() {
        // Nobody will listen: a later start without the demo would ask in vain. One may have been removed meanwhile.
        for (const { name } of demo.connections) await connections.rest(tenant, name).catch(() => {})
        await demo.close()
      },
    }
  } catch (error) {
    await demo.close()
    throw error
  }
}
