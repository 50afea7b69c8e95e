import fastify, { type FastifyInstance } from 'fastify'

/** A simulated platform that listens on this machine. */
export interface SimulatorServer {
  readonly url: string
  close(): Promise<void>
}

/** Starts the routes on a free port of the loopback address (or the one given). */
export async function serve(
  routes: (app: FastifyInstance) => void,
  { port = 0, maxBytes = 64 << 20 } = {},
): Promise<SimulatorServer> {
  const app = fastify({
    bodyLimit: maxBytes,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500 },
  })
  // Forms, as OAuth and Meta take them; fields as text.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  )
  routes(app)
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address() as { port: number }
  return { url: `http://127.0.0.1:${address.port}`, close: () => app.close() }
}
