import { readFileSync } from 'node:fs'
import type { KafkaConfig } from '../config/kafka.ts'
import { StratumError } from '../errors.ts'
import type { SaslSettings, TlsSettings } from '../log/kafka/client/settings.ts'
import type { KafkaOptions } from './options.ts'

/** @throws CONFIG_INVALID: no brokers, a file that cannot be read, a log-in with something missing */
export function kafkaOptions(config: KafkaConfig): KafkaOptions {
  const { brokers, clientId, groups, replication, minInsync, commitMs, compression } = config
  if (brokers === undefined)
    throw new StratumError(
      'CONFIG_INVALID',
      'kafka.brokers is not set: say where Kafka is, as STRATUM_KAFKA__BROKERS=host:9092 or in the configuration file.',
    )
  const list = brokers.split(',').map(b => b.trim())
  for (const broker of list)
    if (!/^\S+:\d{1,5}$/.test(broker))
      throw new StratumError('CONFIG_INVALID', `kafka.brokers: ${broker} is not host:port.`)
  const tls = tlsOf(config.tls)
  const sasl = saslOf(config.sasl)
  const connection = { brokers: list, clientId, ...(tls ? { tls } : {}), ...(sasl ? { sasl } : {}) }
  return { connection, groups, replication, minInsync, commitMs, compression }
}

function tlsOf({ enabled, ca, cert, key, passphrase, verify }: KafkaConfig['tls']): TlsSettings | undefined {
  if (!enabled) return undefined
  const read = (name: string, path: string | undefined) => {
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new StratumError(
        'CONFIG_INVALID',
        `kafka.tls.${name}: ${path} cannot be read (${(error as Error).message}).`,
      )
    }
  }
  return { ca: read('ca', ca), cert: read('cert', cert), key: read('key', key), passphrase, verify }
}

function saslOf(sasl: KafkaConfig['sasl']): SaslSettings | undefined {
  const { mechanism, scope } = sasl
  if (mechanism === undefined) return undefined
  const need = (name: keyof KafkaConfig['sasl']): string => {
    const value = sasl[name]
    if (value) return value
    throw new StratumError('CONFIG_INVALID', `kafka.sasl.${name} is needed for ${mechanism}.`)
  }
  if (mechanism === 'oauthbearer')
    return {
      mechanism,
      tokenUrl: need('tokenUrl'),
      clientId: need('clientId'),
      clientSecret: need('clientSecret'),
      scope,
    }
  return { mechanism, username: need('username'), password: need('password') }
}
