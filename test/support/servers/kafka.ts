import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import type { IdentityProvider } from './identity.ts'
import { kafkaClassPath } from './kafka-jars.ts'
import { type Secured, type SecurityOptions, secure } from './kafka-security.ts'
import { brokerSettings, type Listener, LOG4J, properties, type Settings } from './kafka-settings.ts'
import { freePort, runToEnd } from './machine.ts'
import { startProxy, type TcpProxy } from './proxy.ts'
import { type Server, startServer } from './server.ts'
import type { Tls } from './tls.ts'

export { KAFKA_VERSION, kafkaMissing } from './kafka-jars.ts'

export interface KafkaOptions extends SecurityOptions {
  /** The broker's heap, as `-Xmx` takes it (512m). */
  readonly heap?: string
  /** What the Java machine is set up for: to start soon (the default), or to work fast, for measurements. */
  readonly speed?: 'start' | 'work'
  /** More flags of the Java machine. */
  readonly java?: readonly string[]
  /** More settings of the broker, or other values of those in `kafka-settings.ts`. */
  readonly settings?: Settings
  /** An empty folder to use and to keep; without it, a temporary one that `stop` removes. */
  readonly dir?: string
  /** Of the PLAINTEXT listener; without it, a free one. */
  readonly port?: number
  /** So many more ways to the broker, each through a proxy that can cut it (PLAINTEXT). */
  readonly proxies?: number
  /** It becomes the second broker of that one's cluster. */
  readonly joins?: Pick<KafkaServer, 'clusterId' | 'controllerPort'>
}

export interface KafkaServer extends Server {
  /** `host:port`: PLAINTEXT, no password. */
  readonly bootstrap: string
  readonly clusterId: string
  readonly controllerPort: number
  /** `host:port` of the listeners asked for by `secured`. */
  readonly secured: Readonly<Partial<Record<Secured, string>>>
  /** Clients of a proxy's address reach the broker through that proxy only. */
  readonly proxies: readonly TcpProxy[]
  /** With a listener of TLS. */
  readonly tls?: Tls
  /** With `oauth`. */
  readonly oauth?: IdentityProvider
}

/** Apache Kafka, one broker in KRaft mode on loopback. Answers when this resolves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const { joins } = options
  const classPath = await kafkaClassPath()
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'stratum-kafka-'))
  mkdirSync(dir, { recursive: true })
  const ways = await listeners(options)
  const { tls, oauth, ...security } = await secure(dir, options)
  const config = join(dir, 'server.properties')
  const log4j = join(dir, 'log4j2.properties')
  const controllerPort = joins?.controllerPort ?? (await freePort())
  const settings = {
    ...brokerSettings(dir, ways.all, controllerPort, joins !== undefined),
    ...security.settings,
    ...options.settings,
  }
  writeFileSync(config, properties(settings))
  writeFileSync(log4j, LOG4J)
  const java = [
    `-Xmx${options.heap ?? '512m'}`,
    ...(options.speed === 'work' ? ['-XX:+UseG1GC'] : ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']),
    `-Dlog4j2.configurationFile=${log4j}`,
    ...security.java,
    ...(options.java ?? []),
    ...['-cp', classPath],
  ]

  const clusterId = joins?.clusterId ?? randomBytes(16).toString('base64url')
  const quorum = joins ? '--no-initial-controllers' : '--standalone'
  const format = [quorum, `--cluster-id=${clusterId}`, '-c', config, ...security.format]
  const server = await startServer({
    dir,
    keep: options.dir !== undefined,
    prepare: () => runToEnd('java', [...java, 'kafka.tools.StorageTool', 'format', ...format]),
    child: { command: 'java', args: [...java, 'kafka.Kafka', config], log: join(dir, 'broker.log') },
    answers: () => answers(ways.bootstrap),
    stop: () => Promise.all([...ways.proxies.map(proxy => proxy.stop()), oauth?.stop()]),
  })
  return Object.assign(server, {
    bootstrap: ways.bootstrap,
    clusterId,
    controllerPort,
    secured: ways.secured,
    proxies: ways.proxies,
    ...(tls === undefined ? {} : { tls }),
    ...(oauth === undefined ? {} : { oauth }),
  })
}

/** Kafka tells its clients where to go on, so a proxy needs a listener of its own that tells the proxy's address. */
async function listeners({ port, secured = [], proxies: count = 0 }: KafkaOptions) {
  const plain: Listener = { name: 'PLAINTEXT', protocol: 'PLAINTEXT', port: port ?? (await freePort()) }
  const all = [plain]
  const addresses: Partial<Record<Secured, string>> = {}
  const proxies: TcpProxy[] = []
  for (const protocol of secured) {
    const port = await freePort()
    addresses[protocol] = `127.0.0.1:${port}`
    all.push({ name: protocol, protocol, port })
  }
  for (let i = 0; i < count; i++) {
    const port = await freePort()
    const proxy = await startProxy(`127.0.0.1:${port}`)
    proxies.push(proxy)
    all.push({ name: `PROXIED${i}`, protocol: 'PLAINTEXT', port, advertised: proxy.address })
  }
  return { bootstrap: `127.0.0.1:${plain.port}`, secured: addresses, proxies, all }
}

/** Takes work: its controller has let it into the cluster. */
async function answers(bootstrap: string): Promise<void> {
  const kafka = new Kafka({
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (brokers.length === 0) throw new Error('the broker is not in the cluster yet')
  } finally {
    await admin.disconnect()
  }
}
