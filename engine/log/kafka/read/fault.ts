import { type ErrorCode, messageOf, StratumError } from '../../../errors.ts'

/** Codes of the Kafka protocol, with what they mean here. Others are faults of the cluster that may pass. */
const FAULTS: Readonly<Record<number, [ErrorCode, string]>> = {
  1: [
    'OFFSET_OUT_OF_RANGE',
    'is gone. The reader fell behind the retention, or the topic was made anew: raise its retention, or start the reader again from what is there, knowing what it missed.',
  ],
  3: ['TOPIC_UNKNOWN', 'is not there: the cluster has no such topic or partition.'],
  29: ['STORE_REFUSED', 'may not be read by this user: it lacks the ACL Read on the topic.'],
  87: ['LOG_CORRUPT', 'holds a record that the broker calls invalid.'],
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly from?: number
}

/** The error of a code in a broker's answer. */
export function faultOf(code: number, { topic, partition, from }: Place): StratumError {
  const place = `${topic}/${partition}${from === undefined ? '' : `: offset ${from}`}`
  const [kind, text] = FAULTS[code] ?? [
    'STORE_UNAVAILABLE',
    `cannot be read at the moment (Kafka's error ${code}).`,
  ]
  return new StratumError(kind, `${place} ${text}`)
}

/** What kafkajs throws, as an error of ours. Who has tried several times is told by it of the last try. */
export function troubleOf(error: unknown): StratumError {
  for (let at = error as Thrown | undefined; at; at = at.cause) {
    const refusal = refusalOf(at)
    if (refusal) return refusal
  }
  const { broker } = error as Thrown
  const at = broker ? ` (${broker})` : ''
  // kafkajs stumbles over answers that did not come.
  const stumbled = error instanceof TypeError && /kafkajs/.test(error.stack ?? '')
  const says = stumbled ? 'no broker gave an answer that is understood' : messageOf(error)
  return new StratumError('STORE_UNAVAILABLE', `Kafka is away${at}: ${says}${hintOf(says)}`, { cause: error })
}

interface Thrown {
  readonly type?: string
  readonly name?: string
  readonly broker?: string
  readonly cause?: Thrown
}

function refusalOf(error: Thrown): StratumError | null {
  if (error instanceof StratumError) return error
  const { type, name } = error
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION')
    return new StratumError('TOPIC_UNKNOWN', 'The cluster has no such topic.', { cause: error })
  if (type?.endsWith('AUTHORIZATION_FAILED'))
    return new StratumError('STORE_REFUSED', `Kafka refuses: ${messageOf(error)}. An ACL is missing.`, {
      cause: error,
    })
  if (name === 'KafkaJSSASLAuthenticationError')
    return new StratumError(
      'STORE_REFUSED',
      `Kafka refuses the log-in: ${messageOf(error)}. Check kafka.sasl.`,
      { cause: error },
    )
  return null
}

/** Where to look, by what the client says: brokers that expect another protocol mostly just hang up. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  // What kafkajs makes of a group that this user may not read.
  [
    /find group coordinator/,
    'that this user has the ACL Read on groups that begin with stratum., if it lasts',
  ],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|Connection timeout/, 'kafka.brokers'],
  [/SASL state|SASL|not supported mechanism/i, 'kafka.sasl, and whether this listener asks for a log-in'],
  [/certificate|self.signed|issuer/i, 'kafka.tls.ca'],
  [/TLS|SSL|EPROTO/, 'kafka.tls.enabled and kafka.brokers: this listener may speak no TLS'],
  [/Closed connection|ECONNRESET/, 'kafka.tls and kafka.sasl: this listener may expect them'],
]

function hintOf(says: string): string {
  const hint = HINTS.find(([pattern]) => pattern.test(says))?.[1]
  return hint === undefined ? '' : `. Check ${hint}.`
}
