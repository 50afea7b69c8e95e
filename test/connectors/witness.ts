import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Tap {
  teardown(work: () => unknown): void
}

/** Stands before a simulated platform and sees every request that reaches it. */
export class Witness {
  readonly seen: string[] = []
  /** The next answer to a request like this is lost on its way back; what was asked is done. */
  loses: RegExp | null = null
  url = ''

  static async before(t: Tap, target: string): Promise<Witness> {
    const witness = new Witness()
    const base = new URL(target)
    const server = createServer(async (request, response) => {
      const { method = 'GET', url = '/' } = request
      const said = `${method} ${url.replace(/\?.*$/, '')}`
      const answer = await fetch(new URL(url, base.origin), {
        method,
        headers: headersOf(request),
        ...(method === 'GET' ? {} : { body: await bodyOf(request) }),
      })
      // Links to further pages lead past it otherwise.
      const body = (await answer.text()).replaceAll(base.origin, new URL(witness.url).origin)
      witness.seen.push(said)
      if (witness.loses?.test(said)) {
        witness.loses = null
        return response.destroy()
      }
      const heads = [...answer.headers].filter(([name]) => !HOP.has(name))
      response.writeHead(answer.status, Object.fromEntries(heads))
      response.end(body)
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    witness.url = `http://127.0.0.1:${port}${base.pathname.replace(/\/$/, '')}`
    return witness
  }

  count(like: RegExp): number {
    return this.seen.filter(said => like.test(said)).length
  }
}

/** Of one connection, and not to be passed on (RFC 9110 §7.6.1); what fetch has unpacked. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'host',
])

const headersOf = ({ headers }: IncomingMessage): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    HOP.has(name) || value === undefined ? [] : [[name, String(value)] as [string, string]],
  )

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
