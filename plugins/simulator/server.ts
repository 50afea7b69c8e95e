import fastify, { type FastifyInstance } from 'fastify'

/** A simulated platform that listens on this machine. */
export interface SimulatorServer {
  readonly url: string
  close(): Promise<void>
}

/** The time that a simulated platform counts calls by; left out: that of this machine, without a way to go. */
export interface PlatformTime {
  /** Monotonic milliseconds. */
  now(): number
  /** Resolves when a message has travelled: a request on its way there, its answer on the way back. */
  travel(): Promise<void>
}

export interface ServeOptions {
  readonly port?: number
  readonly maxBytes?: number
  readonly time?: PlatformTime | undefined
}

/** Starts the routes on a free port of the loopback address (or the one given). */
export async function serve(
  routes: (app: FastifyInstance) => void,
  { port = 0, maxBytes = 64 << 20, time }: ServeOptions = {},
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
  if (time) {
    app.addHook('onRequest', () => time.travel())
    app.addHook('onSend', () => time.travel())
  }
  routes(app)
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address() as { port: number }
  return { url: `http://127.0.0.1:${address.port}`, close: () => app.close() }
}
