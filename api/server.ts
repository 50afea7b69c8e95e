import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import type { ApiContext } from './context.ts'
import { errors, unroutable } from './plugins/errors.ts'
import { timing } from './plugins/timing.ts'
import { kpiRoute } from './routes/analytics/kpis.ts'
import { health } from './routes/health/index.ts'
import { webhooks } from './routes/webhooks/index.ts'

/** The API, not yet listening. Routes answer under /v1 and /api/v1. */
export function buildServer(context: ApiContext): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    // An unknown parameter is an error of the caller, not something to drop in silence.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
    forceCloseConnections: true,
    frameworkErrors: unroutable,
  })
  const routes = routesOf(app)
  errors(app)
  timing(app, context.metrics)
  app.addHook('onSend', async (request, reply) => {
    reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
  })
  for (const prefix of ['/v1', '/api/v1'])
    app.register(
      async v1 => {
        health(v1, context)
        kpiRoute(v1, context)
      },
      { prefix },
    )
  app.register(async open => webhooks(open, context), { prefix: '/webhooks' })
  app.get('/', async request => ({
    data: { name: 'stratum', routes: routes.filter(path => path !== '/').sort() },
    meta: { request_id: request.id },
  }))
  app.get('/metrics', async (_, reply) => {
    await context.measure()
    reply.type(context.metrics.registry.contentType)
    return context.metrics.registry.metrics()
  })
  return app
}

/** Paths that are answered, as they are registered: what the ready line's address shows to whoever opens it. */
function routesOf(app: FastifyInstance): readonly string[] {
  const paths: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    if (method === 'GET' && !url.startsWith('/api/')) paths.push(url)
  })
  return paths
}
