import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { Child } from './child.ts'
import { kafkaClassPath } from './kafka-jars.ts'
import { brokerSettings, LOG4J, properties, type Settings } from './kafka-settings.ts'
import { freePort, runToEnd } from './machine.ts'

export { KAFKA_VERSION, kafkaMissing } from './kafka-jars.ts'

export interface KafkaOptions {
  /** The broker's heap, as `-Xmx` takes it (512m). */
  readonly heap?: string
  /** More flags of the Java machine. */
  readonly java?: readonly string[]
  /** More settings of the broker, or other values of those in `kafka-settings.ts`. */
  readonly settings?: Settings
  /** A folder to keep; without it, a temporary one that `stop` removes. */
  readonly dir?: string
}

export interface KafkaServer {
  /** `host:port`: PLAINTEXT, no password. */
  readonly bootstrap: string
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
  const port = await freePort()
  const bootstrap = `127.0.0.1:${port}`
  const listeners = [{ name: 'PLAINTEXT', protocol: 'PLAINTEXT' as const, port }]
  const config = join(dir, 'server.properties')
  const log4j = join(dir, 'log4j2.properties')
  const settings = { ...brokerSettings(dir, listeners, await freePort()), ...options.settings }
  writeFileSync(config, properties(settings))
  writeFileSync(log4j, LOG4J)

  const java = [
    `-Xmx${options.heap ?? '512m'}`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${log4j}`,
    ...(options.java ?? []),
    '-cp',
    classPath,
  ]
  const clusterId = randomBytes(16).toString('base64url')
  const format = ['format', '--standalone', '--ignore-formatted', '-t', clusterId, '-c', config]
  await runToEnd('java', [...java, 'kafka.tools.StorageTool', ...format])

  let broker: Child
  const start = async () => {
    broker = new Child({
      command: 'java',
      args: [...java, 'kafka.Kafka', config],
      log: join(dir, 'broker.log'),
    })
    await broker.ready(() => answers(bootstrap))
  }
  const kill = () => broker.end('SIGKILL')
  const stop = async () => {
    await kill()
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    bootstrap,
    dir,
    get pid() {
      return broker.pid
    },
    kill,
    restart: async () => {
      await kill()
      await start()
    },
    pause: () => broker.signal('SIGSTOP'),
    resume: () => broker.signal('SIGCONT'),
    stop,
  }
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
