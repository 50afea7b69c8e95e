import type { ConnectionOptions } from 'node:tls'

/** How the cluster is reached. Times in milliseconds. */
export interface KafkaSettings {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[]
  readonly clientId?: string | undefined
  readonly tls?: TlsSettings | undefined
  readonly sasl?: SaslSettings | undefined
  readonly requestTimeoutMs?: number | undefined
}

/** Texts in PEM. */
export interface TlsSettings {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly passphrase?: string | undefined
  /** false: any certificate is taken for the broker's. */
  readonly verify?: boolean | undefined
}

export type SaslSettings =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: string
    }
  | {
      readonly mechanism: 'oauthbearer'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
      readonly scope?: string | undefined
    }

/** Options of kafkajs' client. */
export function kafkajsOptions(settings: KafkaSettings, token: () => Promise<{ value: string }>) {
  const { brokers, clientId = 'stratum', tls, sasl, requestTimeoutMs = 30_000 } = settings
  const ssl: ConnectionOptions | undefined = tls && {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    rejectUnauthorized: tls.verify ?? true,
  }
  return {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    ...(ssl ? { ssl } : {}),
    ...(sasl
      ? {
          sasl:
            sasl.mechanism === 'oauthbearer'
              ? { mechanism: sasl.mechanism, oauthBearerProvider: token }
              : { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password },
        }
      : {}),
  }
}

/** Global configuration of librdkafka, as both its producers and consumers take it. */
export function rdkafkaOptions(settings: KafkaSettings): Record<string, string | number | boolean> {
  const { brokers, clientId = 'stratum', tls, sasl } = settings
  const out: Record<string, string | number | boolean> = {
    'metadata.broker.list': brokers.join(','),
    'client.id': clientId,
    'security.protocol': `${sasl ? 'sasl_' : ''}${tls ? 'ssl' : 'plaintext'}`,
    // Lines on the standard error are nobody's: errors come with the call they belong to.
    log_level: 0,
  }
  const set = (name: string, value: string | boolean | undefined) => {
    if (value !== undefined) out[name] = value
  }
  set('ssl.ca.pem', tls?.ca)
  set('ssl.certificate.pem', tls?.cert)
  set('ssl.key.pem', tls?.key)
  set('ssl.key.password', tls?.passphrase)
  if (tls?.verify === false) set('enable.ssl.certificate.verification', false)
  if (!sasl) return out
  set('sasl.mechanisms', sasl.mechanism.toUpperCase())
  // Tokens are handed in: librdkafka can fetch them only where it was built with libcurl.
  if (sasl.mechanism !== 'oauthbearer') {
    set('sasl.username', sasl.username)
    set('sasl.password', sasl.password)
  }
  return out
}
