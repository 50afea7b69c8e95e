import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../../engine/telemetry/metrics.ts'

/** Times every answer, by route pattern: a URL would make a label of every id. */
export function timing(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.httpSeconds.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
  })
}
