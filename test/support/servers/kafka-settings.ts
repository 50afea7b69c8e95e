import { join } from 'node:path'

/** Written as Java reads them. */
export type Settings = Readonly<Record<string, string | number | boolean>>

export interface Listener {
  readonly name: string
  readonly protocol: 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL'
  readonly port: number
  /** Where clients are told to go, if not to the port itself. */
  readonly advertised?: string
}

/**
 * One broker that is its own controller, for short tests: one replica of everything, few partitions, no waiting.
 * `joins`: a second broker, of the cluster whose controller is at that port.
 */
export function brokerSettings(
  dir: string,
  listeners: readonly Listener[],
  controllerPort: number,
  joins = false,
): Settings {
  const bound = listeners.map(({ name, port }) => `${name}://127.0.0.1:${port}`)
  const advertised = listeners.map(
    ({ name, port, advertised }) => `${name}://${advertised ?? `127.0.0.1:${port}`}`,
  )
  const protocols = listeners.map(({ name, protocol }) => `${name}:${protocol}`)
  return {
    'process.roles': joins ? 'broker' : 'broker,controller',
    'node.id': joins ? 2 : 1,
    'log.dirs': join(dir, 'data'),
    listeners: (joins ? bound : [...bound, `CONTROLLER://127.0.0.1:${controllerPort}`]).join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': [...protocols, 'CONTROLLER:PLAINTEXT'].join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': listeners[0]!.name,
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'transaction.max.timeout.ms': 900_000,
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'auto.create.topics.enable': false,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 16 << 20,
    'controlled.shutdown.enable': false,
    // A broker after kill -9 is taken back at once, not when its old session has run out.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  }
}

export const properties = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('')

/** Warnings only, to the standard output. */
export const LOG4J = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`
