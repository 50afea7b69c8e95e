import { messageOf, StratumError } from '../../../errors.ts'
import type { KafkaSettings } from '../client/settings.ts'
import { rdkafkaOptions } from '../client/settings.ts'
import { tokenSource } from '../client/token.ts'

/** The part of node-rdkafka that is used. It is an optional peer dependency: it compiles for minutes. */
interface Rdkafka {
  readonly Producer: new (config: object, topic?: object) => RdProducer & RdClient
  readonly KafkaConsumer: new (config: object, topic?: object) => RdConsumer & RdClient
}

type Done = (error?: RdError | null) => void

interface RdClient {
  on(event: 'disconnected', listener: () => void): void
  setOauthBearerToken(token: string): void
}

export interface RdProducer {
  on(event: string, listener: (...args: never[]) => void): void
  connect(options: object, done: Done): void
  disconnect(timeoutMs: number, done: Done): void
  setPollInterval(ms: number): void
  /** Throws when its queue is full. The bytes are copied. */
  produce(
    topic: string,
    partition: number,
    value: Buffer | null,
    key: Buffer | null,
    timestampMs: number,
    opaque?: unknown,
    headers?: readonly Record<string, string>[],
  ): void
  getMetadata(options: { topic: string; timeout: number }, done: Done): void
  initTransactions(timeoutMs: number, done: Done): void
  beginTransaction(done: Done): void
  sendOffsetsToTransaction(
    offsets: readonly { topic: string; partition: number; offset: number }[],
    consumer: RdConsumer,
    timeoutMs: number,
    done: Done,
  ): void
  commitTransaction(timeoutMs: number, done: Done): void
  abortTransaction(timeoutMs: number, done: Done): void
}

export interface RdConsumer {
  on(event: string, listener: (...args: never[]) => void): void
  connect(options: object, done: Done): void
  disconnect(done: Done): void
}

export interface RdError extends Error {
  readonly code: number
  readonly isFatal?: boolean
  readonly isRetriable?: boolean
  readonly isTxnRequiresAbort?: boolean
}

/** A stopped owner's open transaction hides what others wrote on the same partitions until then. */
export const TRANSACTION_TIMEOUT_MS = 10_000

/** What installs it. */
export const INSTALL = 'npm run install:kafka'

let loaded: Promise<Rdkafka> | undefined

/** @throws CONFIG_INVALID with the command that installs it */
export function loadRdkafka(): Promise<Rdkafka> {
  loaded ??= (async () => {
    // A name the compiler does not look for: it need not be there.
    const name = 'node-rdkafka'
    try {
      const module = (await import(name)) as { default: Rdkafka }
      return module.default
    } catch (error) {
      throw new StratumError(
        'CONFIG_INVALID',
        `Writing to Kafka needs node-rdkafka, which is not installed: run \`${INSTALL}\` (it compiles for about 3 minutes).`,
        { cause: error },
      )
    }
  })()
  return loaded
}

export const unavailable = (error: unknown) =>
  new StratumError('STORE_UNAVAILABLE', `Kafka does not take writes: ${messageOf(error)}`, { cause: error })

/** Calls that have not come back: each holds a thread of the pool. */
let hung = 0

/** A process with such calls cannot end by itself: Node waits for their threads. */
export const hungCalls = (): number => hung

/** Threads for calls of librdkafka, and of everything else that waits. */
export const poolSize = (): number => Number(process.env.UV_THREADPOOL_SIZE) || 4

/** Whether so many calls hang that soon nothing would go on in this process. */
export const isClogged = (): boolean => hung > 0 && hung * 2 >= poolSize()

/** How much longer than it was told librdkafka may take, before it is taken for hung. */
const GRACE_MS = 10_000

/**
 * One call of librdkafka's. After a broker has stood still some never come back, whatever time they were given: the
 * client is of no use then, and whoever opens another one under its name settles what it had open.
 * @param takesMs how long it was told to take at most
 */
export function call(work: (done: Done) => void, takesMs = CALL_MS): Promise<void> {
  return new Promise((resolve, reject) => {
    let isHung = false
    const timer = setTimeout(() => {
      isHung = true
      hung++
      reject(new Error(`librdkafka does not come back from a call of ${takesMs} ms`))
    }, takesMs + GRACE_MS)
    work(error => {
      clearTimeout(timer)
      if (isHung) hung--
      if (error) reject(error)
      else resolve()
    })
  })
}

/** How long librdkafka may take at once: a closing is not held up by more. */
export const CALL_MS = 10_000

/** MSG_SIZE_TOO_LARGE */
const TOO_LARGE = 10
/** Codes of the protocol, and librdkafka's own for a log-in. */
const REFUSED = new Set([29, 30, 31, 53, 58, -169])

/** The error of a client that may not do what it asked for, or null: asking again would change nothing. */
export function refusalOf(error: unknown): StratumError | null {
  const { code, message = '' } = error as Partial<RdError>
  if (code === TOO_LARGE)
    return new StratumError(
      'STORE_REFUSED',
      `Kafka refuses: ${message}. The topic's max.message.bytes is below 4194304: raise it.`,
      { cause: error },
    )
  if (!REFUSED.has(code ?? 0) && !/authorization failed/i.test(message)) return null
  return new StratumError('STORE_REFUSED', `Kafka refuses: ${message}. An ACL is missing.`, { cause: error })
}

export async function openProducer(
  settings: KafkaSettings,
  transactionalId: string,
  more: Readonly<Record<string, string | number | boolean>>,
): Promise<RdProducer> {
  const { Producer } = await loadRdkafka()
  const producer = new Producer({
    ...rdkafkaOptions(settings),
    'transactional.id': transactionalId,
    'transaction.timeout.ms': TRANSACTION_TIMEOUT_MS,
    'linger.ms': 5,
    'compression.type': 'lz4',
    'batch.size': 1_000_000,
    'message.max.bytes': 4_000_000,
    'queue.buffering.max.messages': 2_000_000,
    'queue.buffering.max.kbytes': 1_000_000,
    ...more,
  })
  // Every failure of a connection is told here as well as by the call it belongs to.
  producer.on('event.error', () => {})
  await keepToken(producer, settings)
  await call(done => producer.connect({ timeout: 10_000 }, done))
  producer.setPollInterval(more.dr_cb ? 5 : 100)
  return producer
}

/** A consumer that reads nothing: it lends its group's name to `sendOffsetsToTransaction`. */
export async function openOffsetCarrier(settings: KafkaSettings, group: string): Promise<RdConsumer> {
  const { KafkaConsumer } = await loadRdkafka()
  const consumer = new KafkaConsumer({
    ...rdkafkaOptions(settings),
    'group.id': group,
    'enable.auto.commit': false,
  })
  consumer.on('event.error', () => {})
  await keepToken(consumer, settings)
  await call(done => consumer.connect({ timeout: 10_000 }, done))
  return consumer
}

/** What an identity provider that was away is asked after. */
const AGAIN_MS = 5_000

/** librdkafka sends the token it was given last: it is given a new one in time, for as long as it is connected. */
async function keepToken(client: RdClient, settings: KafkaSettings): Promise<void> {
  if (settings.sasl?.mechanism !== 'oauthbearer') return
  const token = tokenSource(settings)
  let timer: NodeJS.Timeout | undefined
  let gone = false
  const later = (ms: number) => {
    if (!gone) timer = setTimeout(() => give().catch(() => later(AGAIN_MS)), ms).unref()
  }
  const give = async () => {
    const { value, freshMs } = await token()
    client.setOauthBearerToken(value)
    later(Math.max(1_000, freshMs))
  }
  client.on('disconnected', () => {
    gone = true
    clearTimeout(timer)
  })
  await give()
}
