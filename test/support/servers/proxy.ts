import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a client and a server that can be taken away. */
export interface TcpProxy {
  /** `host:port` to give to the client. */
  readonly address: string
  /** Connections are reset, and so are new ones. */
  cut(): void
  /** Nothing passes any more, and nobody is told: connections stay open, new ones are taken and stay silent. */
  hang(): void
  /** All passes again; what was held back by `hang` arrives late, as after lost packets. */
  heal(): void
  stop(): Promise<void>
}

/** Passes bytes to `target` (`host:port`) from a free port on loopback. */
export async function startProxy(target: string): Promise<TcpProxy> {
  const [host, port] = target.split(':')
  const pairs = new Set<Pair>()
  let state: 'passes' | 'hangs' | 'cut' = 'passes'
  const server = createServer({ allowHalfOpen: true }, client => {
    if (state === 'cut') return reset(client)
    const pair = new Pair(client, host!, Number(port))
    pairs.add(pair)
    client.once('close', () => pairs.delete(pair))
    if (state === 'passes') pair.pass()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A test that forgot to stop it still ends.
  server.unref()
  const cut = () => {
    state = 'cut'
    for (const pair of pairs) pair.reset()
  }
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    hang() {
      state = 'hangs'
      for (const pair of pairs) pair.hold()
    },
    heal() {
      state = 'passes'
      for (const pair of pairs) pair.pass()
    },
    async stop() {
      cut()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/** One connection of a client, and the one made for it. The server's is made when bytes may pass. */
class Pair {
  readonly #client: Socket
  readonly #host: string
  readonly #port: number
  #server: Socket | undefined
  #passes = false

  constructor(client: Socket, host: string, port: number) {
    this.#client = client
    this.#host = host
    this.#port = port
    client.on('error', () => this.reset())
  }

  pass(): void {
    const client = this.#client
    if (client.destroyed || this.#passes) return
    this.#passes = true
    if (this.#server === undefined) {
      const server = connect({ host: this.#host, port: this.#port, allowHalfOpen: true })
      this.#server = server
      server.on('error', () => this.reset())
      client.once('close', () => server.destroy())
      server.once('close', () => client.destroy())
    }
    client.pipe(this.#server).pipe(client)
  }

  hold(): void {
    this.#passes = false
    this.#client.unpipe()
    this.#server?.unpipe()
  }

  reset(): void {
    reset(this.#client)
    if (this.#server) reset(this.#server)
  }
}

/** Cuts one connection. Node 20 loses a socket that is reset while its end is sent: its process spins for ever when it ends. */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
