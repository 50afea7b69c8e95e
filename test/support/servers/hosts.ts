import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { temporaryFolder } from '../folder.ts'
import { which } from './machine.ts'
import { makeTls } from './tls.ts'

/** Hosts of the internet that are answered on this machine. */
export interface Hosts {
  /** What was asked: `GET graph.facebook.com/v26.0/me`, without the query. */
  readonly asked: readonly string[]
  /** Environment of a child process whose requests come here: a proxy and the authority to trust. */
  readonly environment: Readonly<Record<string, string>>
  /** For clients in the test's own process. */
  readonly agent: https.Agent
}

interface Tap {
  teardown(work: () => unknown): void
}

/** One line that says what is missing to make certificates here, or null. */
export const hostsMissing = (): string | null =>
  which('openssl') === null
    ? 'a certificate for a loopback host needs openssl (apt-get install openssl)'
    : null

/**
 * Answers HTTPS for the hosts named, from what listens at the address beside each: clients whose address is fixed in
 * their code are tested without a change to them. Any other host is refused with 502.
 * @param hosts by name: `{ 'graph.facebook.com': 'http://127.0.0.1:4711' }`
 */
export async function answerHosts(t: Tap, hosts: Readonly<Record<string, string>>): Promise<Hosts> {
  const folder = temporaryFolder(t)
  const tls = await makeTls(join(folder, 'tls'), Object.keys(hosts))
  const asked: string[] = []
  const chain = readFileSync(tls.server)
  const ca = readFileSync(tls.ca)
  const secure = https.createServer({ key: chain, cert: chain }, (incoming, outgoing) => {
    const host = (incoming.headers.host ?? '').replace(/:443$/, '')
    asked.push(`${incoming.method} ${host}${incoming.url!.replace(/\?.*/, '')}`)
    pass(incoming, outgoing, hosts[host])
  })
  const sockets = new Set<Socket>()
  const proxy = createServer((_, outgoing) => outgoing.writeHead(502).end())
  proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    const host = incoming.url!.replace(/:443$/, '')
    if (hosts[host] === undefined) {
      asked.push(`CONNECT ${host}`)
      return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    }
    sockets.add(socket)
    // A client that was killed is no fault of ours.
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    secure.emit('connection', socket)
  })
  const [address, direct] = await Promise.all([proxy, secure].map(listening))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of [proxy, secure]) {
      server.close()
      server.closeAllConnections()
    }
  })
  const agent = new https.Agent()
  agent.createConnection = ({ host }) =>
    connect({ host: '127.0.0.1', port: direct!, servername: host!, ca, ALPNProtocols: ['http/1.1'] })
  const url = `http://127.0.0.1:${address}`
  return {
    asked,
    agent,
    environment: {
      HTTPS_PROXY: url,
      https_proxy: url,
      NO_PROXY: '',
      no_proxy: '',
      ...trusting(tls.ca, folder),
    },
  }
}

/** The authority as OpenSSL, Node and Python read it. */
function trusting(ca: string, folder: string): Record<string, string> {
  writeFileSync(join(folder, 'sitecustomize.py'), CERTIFI)
  return { SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca, REQUESTS_CA_BUNDLE: ca, PYTHONPATH: folder }
}

/** Python's requests, given a prepared request, asks no environment but the authorities that certifi brings. */
const CERTIFI = `import os
try:
    import certifi
    certifi.where = lambda: os.environ["REQUESTS_CA_BUNDLE"]
except ImportError:
    pass
`

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, to: string | undefined): void {
  if (to === undefined) return void outgoing.writeHead(502).end()
  const { host: _, ...headers } = incoming.headers
  const onward = request(`${to}${incoming.url}`, { method: incoming.method!, headers, agent: false })
  onward.once('response', answer => {
    outgoing.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
