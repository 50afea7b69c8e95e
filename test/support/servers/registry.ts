import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer as http,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as https } from 'node:https'
import { text } from 'node:stream/consumers'
import { freePort } from './machine.ts'
import { Refused, Store } from './registry/store.ts'

/** What is to go wrong, with the requests it is for; any where that is left out. */
export interface Fault {
  readonly of?: RegExp
  /** How many requests; 1 when left out. */
  readonly times?: number
  /**
   * `hang`: no answer. `drop`: the connection is broken off, before anything is done. `lost`: it is done, and the
   * answer is lost. `not yet`: as a follower that has not heard of it. A number: this status, with no JSON.
   */
  readonly does: 'hang' | 'drop' | 'lost' | 'not yet' | number
}

export interface RegistryOptions {
  /** First id to be dealt. */
  readonly firstId?: number
  readonly user?: { readonly name: string; readonly password: string }
  readonly token?: string
  /** File with key, certificate and authority of the server; clients then need a certificate of the authority. */
  readonly tls?: { readonly server: string; readonly ca: string }
  /** It is a follower: whatever changes something is sent on to this URL. */
  readonly leader?: string
  /** Its path, before those of the API. */
  readonly path?: string
  /** What it has is another one's too: nodes of the same registry. */
  readonly store?: Store
}

export interface RegistryServer {
  readonly url: string
  readonly store: Store
  /** `GET /subjects` … of all requests so far, with `user` where somebody has logged in. */
  readonly requests: string[]
  /** Faults in force, the first that fits is taken. */
  readonly faults: Fault[]
  /** Nothing listens; connections are broken off. */
  down(): Promise<void>
  /** The same port again, with all it knew. */
  up(): Promise<void>
}

/** Confluent's schema registry as its documentation has it, in this process. */
export async function startRegistry(
  t: { teardown(fn: () => Promise<void>): void },
  options: RegistryOptions = {},
): Promise<RegistryServer> {
  const { firstId = 1, tls, path = '' } = options
  const store = options.store ?? new Store(firstId)
  const requests: string[] = []
  const faults: Fault[] = []
  const port = await freePort()
  let server: Server | null = null

  const serve: RequestListener = (asked, answer) => {
    handle(asked, answer).catch(() => answer.destroy())
  }

  async function handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await text(asked)
    const url = new URL(asked.url!, 'http://registry')
    const line = `${asked.method} ${decodeURIComponent(url.pathname)}${decodeURIComponent(url.search)}`
    requests.push(asked.headers.authorization === undefined ? line : `${line} user`)
    const fault = taken(faults, line)
    if (fault === 'drop') return void answer.destroy()
    if (fault === 'hang') return
    if (typeof fault === 'number') return void answer.writeHead(fault).end('<html>trouble</html>')
    const say = (status: number, value: unknown, more: Record<string, string> = {}) => {
      if (fault === 'lost') return void answer.destroy()
      answer.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json', ...more })
      answer.end(JSON.stringify(value))
    }
    const { leader, user, token } = options
    if (leader !== undefined && /^(PUT|POST .*\/versions$)/.test(`${asked.method} ${url.pathname}`))
      return say(307, {}, { location: `${leader}${asked.url}` })
    if (!admits(asked.headers.authorization, user, token))
      return say(401, { error_code: 401, message: 'Unauthorized' })
    if (!url.pathname.startsWith(path)) return void answer.writeHead(404).end('no such page')
    const route = url.pathname.slice(path.length)
    try {
      if (fault === 'not yet') throw new Refused(40403, 'Schema not found')
      say(200, answerOf(store, `${asked.method} ${route}`, url.searchParams, body))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      say(error.status, { error_code: error.code, message: error.message })
    }
  }

  const down = async () => {
    if (server === null) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    server = null
    await closed
  }
  const up = async () => {
    const pem = tls && readFileSync(tls.server)
    server = tls
      ? https({ key: pem, cert: pem, ca: readFileSync(tls.ca), requestCert: true }, serve)
      : http(serve)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.unref()
  }
  await up()
  t.teardown(down)
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`, store, requests, faults, down, up }
}

function taken(faults: Fault[], line: string): Fault['does'] | null {
  const at = faults.findIndex(({ of }) => of === undefined || of.test(line))
  if (at < 0) return null
  const { times = 1, ...fault } = faults[at]!
  if (times > 1) faults[at] = { ...fault, times: times - 1 }
  else faults.splice(at, 1)
  return fault.does
}

function admits(
  given: string | undefined,
  user: RegistryOptions['user'],
  token: string | undefined,
): boolean {
  if (token !== undefined) return given === `Bearer ${token}`
  if (user === undefined) return true
  return given === `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
}

function answerOf(store: Store, line: string, query: URLSearchParams, body: string): unknown {
  const given = () => JSON.parse(body) as { schema: string; compatibility: string }
  const [method, ...parts] = line.split(/[ /]+/).map(decodeURIComponent)
  const [first, second, third, fourth, fifth] = parts
  switch (`${method} ${first}`) {
    case 'GET schemas':
      return { schema: store.byId(Number(third), query.get('subject') ?? '') }
    case 'GET subjects':
      if (second === undefined) return store.subjects(query.get('subjectPrefix') ?? '')
      if (fourth === undefined) return store.versions(second).map(v => v.version)
      return store.version(second, fourth)
    case 'POST subjects':
      if (third === 'versions') return { id: store.register(second!, given().schema) }
      return store.lookUp(second!, given().schema)
    case 'POST compatibility': {
      const messages = store.incompatible(third!, fifth, given().schema)
      return { is_compatible: messages.length === 0, ...(query.has('verbose') ? { messages } : {}) }
    }
    case 'GET config':
      if (second === undefined || query.get('defaultToGlobal') === 'true')
        return { compatibilityLevel: store.levelOf(second ?? '') }
      if (!store.levels.has(second))
        throw new Refused(40408, `Subject '${second}' does not have subject-level compatibility configured`)
      return { compatibilityLevel: store.levelOf(second) }
    case 'PUT config':
      store.setLevel(second, given().compatibility)
      return { compatibility: given().compatibility }
  }
  throw new Refused(404, 'HTTP 404 Not Found')
}
