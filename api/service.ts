import type { AddressInfo } from 'node:net'
import { Receiving } from '../engine/connect/receiving.ts'
import { messageOf, StratumError } from '../engine/errors.ts'
import { measureLag } from '../engine/runtime/lag.ts'
import type { Service } from '../engine/runtime/service.ts'
import type { ApiContext } from './context.ts'
import { buildServer } from './server.ts'

/** The API as the service that `stratum start` runs beside the engine. */
export const api: Service = async ({ engine, warehouse, settings, metrics, clock }) => {
  let failed: unknown
  engine.failure.catch(error => {
    failed = error
  })
  const receiving = new Receiving(engine.stores)
  const context: ApiContext = {
    warehouse,
    database: settings.warehouse.database,
    tenant: settings.api.tenant,
    clock,
    metrics,
    dependencies: [
      { name: 'log', ok: async () => void (await engine.stores.log.topics()) },
      { name: 'warehouse', ok: async () => void (await warehouse.query('SELECT 1', {}, { readonly: true })) },
      {
        name: 'engine',
        ok: async () => {
          if (failed !== undefined) throw failed
        },
      },
    ],
    receive: (...delivery) => receiving.receive(...delivery),
    measure: () => measureLag(engine.stores, metrics, clock()),
  }
  const server = buildServer(context)
  const { host, port } = settings.api
  try {
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken by another program: give another with --port`
        : `cannot listen on ${host} port ${port} (${messageOf(error)})`
    throw new StratumError('STORE_UNAVAILABLE', why, { cause: error })
  }
  const address = server.server.address() as AddressInfo
  const shown = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return { url: `http://${shown}:${address.port}`, close: () => server.close().then(() => receiving.close()) }
}
