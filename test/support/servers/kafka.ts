import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { Child } from './child.ts'
import type { IdentityProvider } from './identity.ts'
import { kafkaClassPath } from './kafka-jars.ts'
import { type Secured, type SecurityOptions, secure } from './kafka-security.ts'
import { brokerSettings, type Listener, LOG4J, properties, type Settings } from './kafka-settings.ts'
import { freePort, runToEnd } from './machine.ts'
import { startProxy, type TcpProxy } from './proxy.ts'
import type { Tls } from './tls.ts'

export { KAFKA_VERSION, kafkaMissing } from './kafka-jars.ts'

export interface KafkaOptions extends SecurityOptions {
  /** The broker's heap, as `-Xmx` takes it (512m). */
  readonly heap?: string
  /** More flags of the Java machine. It is set to start fast: for speed, `-XX:TieredStopAtLevel=4`, `-XX:+UseG1GC`. */
  readonly java?: readonly string[]
  /** More settings of the broker, or other values of those in `kafka-settings.ts`. */
  readonly settings?: Settings
  /** An empty folder to use and to keep; without it, a temporary one that `stop` removes. */
  readonly dir?: string
  /** Of the PLAINTEXT listener; without it, a free one. */
  readonly port?: number
  /** So many more ways to the broker, each through a proxy that can cut it (PLAINTEXT). */
  readonly proxies?: number
}

export interface KafkaServer {
  /** `host:port`: PLAINTEXT, no password. */
  readonly bootstrap: string
  /** `host:port` of the listeners asked for by `secured`. */
  readonly secured: Readonly<Partial<Record<Secured, string>>>
  /** Clients of a proxy's address reach the broker through that proxy only. */
  readonly proxies: readonly TcpProxy[]
  /** With a listener of TLS. */
  readonly tls?: Tls
  /** With `oauth`. */
  readonly oauth?: IdentityProvider
  readonly dir: string
  /** Of the broker; another one after a restart. */
  readonly pid: number
  /** SIGKILL: nothing is flushed, no client is told. */
  kill(): Promise<void>
  /** Starts it again (after a SIGKILL where it still runs), same folder and ports; waits until it answers. */
  restart(): Promise<void>
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void
  resume(): void
  /** For good: the temporary folder goes too. */
  stop(): Promise<void>
}

/** Apache Kafka, one broker in KRaft mode on loopback. Answers when this resolves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const classPath = await kafkaClassPath()
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'stratum-kafka-'))
  mkdirSync(dir, { recursive: true })
  const ways = await listeners(options)
  const { tls, oauth, ...security } = await secure(dir, options)
  const config = join(dir, 'server.properties')
  const log4j = join(dir, 'log4j2.properties')
  const settings = {
    ...brokerSettings(dir, ways.all, await freePort()),
    ...security.settings,
    ...options.settings,
  }
  writeFileSync(config, properties(settings))
  writeFileSync(log4j, LOG4J)
  const java = [
    `-Xmx${options.heap ?? '512m'}`,
    ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${log4j}`],
    ...security.java,
    ...(options.java ?? []),
    ...['-cp', classPath],
  ]

  let broker: Child | undefined
  const start = async () => {
    broker = new Child({
      command: 'java',
      args: [...java, 'kafka.Kafka', config],
      log: join(dir, 'broker.log'),
    })
    await broker.ready(() => answers(ways.bootstrap))
  }
  const kill = async () => broker?.end('SIGKILL')
  const stop = async () => {
    await kill()
    await Promise.all([...ways.proxies.map(proxy => proxy.stop()), oauth?.stop()])
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
  try {
    const format = [
      '--standalone',
      '-t',
      randomBytes(16).toString('base64url'),
      '-c',
      config,
      ...security.format,
    ]
    await runToEnd('java', [...java, 'kafka.tools.StorageTool', 'format', ...format])
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    bootstrap: ways.bootstrap,
    secured: ways.secured,
    proxies: ways.proxies,
    ...(tls === undefined ? {} : { tls }),
    ...(oauth === undefined ? {} : { oauth }),
    dir,
    get pid() {
      return broker!.pid
    },
    kill,
    restart: async () => {
      await kill()
      await start()
    },
    pause: () => broker!.signal('SIGSTOP'),
    resume: () => broker!.signal('SIGCONT'),
    stop,
  }
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
