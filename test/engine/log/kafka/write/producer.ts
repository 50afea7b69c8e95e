import type { RdConsumer, RdError, RdProducer } from '../../../../../engine/log/kafka/write/rdkafka.ts'

export interface Produced {
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly value: string | null
  readonly time: number
  readonly headers: readonly Record<string, string>[]
}

export interface Transaction {
  readonly records: readonly Produced[]
  readonly offsets: readonly string[]
}

type Call = 'produce' | 'sendOffsets' | 'begin' | 'commit' | 'abort' | 'metadata'
type Done = (error?: RdError | null) => void

/** Properties as the client gives them. */
export const trouble = (code: number, more: Partial<RdError> = {}): RdError =>
  Object.assign(new Error(`error ${code}`), { code, ...more })

export const abortable = (code = -195) => trouble(code, { isTxnRequiresAbort: true })
export const retriable = (code = -185) => trouble(code, { isRetriable: true })
export const FENCED = -144
export const fatal = (code = FENCED) => trouble(code, { isFatal: true })
const STATE = -172

/**
 * A transactional producer whose cluster is a list of committed transactions. As librdkafka it takes no records where
 * no transaction is open, nor after an error that asks for an abort.
 */
export class FakeProducer {
  readonly committed: Transaction[] = []
  readonly calls: Call[] = []
  aborted = 0
  connected = true
  #state: 'ready' | 'open' | 'failed' | 'fatal' = 'ready'
  #fatal: RdError | null = null
  #records: Produced[] = []
  #offsets: string[] = []
  readonly #faults = new Map<Call, { after: number; error: RdError }[]>()
  readonly #held = new Map<Call, (() => void)[]>()
  readonly #holding = new Set<Call>()

  /** The call after so many more of its kind fails. */
  fail(name: Call, error: RdError, after = 0): void {
    const faults = this.#faults.get(name) ?? []
    this.#faults.set(name, faults)
    faults.push({ after, error })
  }

  /** Calls of a kind get no answer until they are let go on. */
  hold(name: Call): void {
    this.#holding.add(name)
  }

  /** How many wait for an answer. */
  held(name: Call): number {
    return this.#held.get(name)?.length ?? 0
  }

  release(name: Call): void {
    this.#holding.delete(name)
    for (const go of this.#held.get(name)?.splice(0) ?? []) go()
  }

  /** Out of nothing, as when the broker gave the transaction up. */
  breakTransaction(): void {
    if (this.#state === 'open') this.#state = 'failed'
  }

  /** Brokers forget to end the last transaction, which they have acknowledged: it is undone with the next. */
  forgetLast(): void {
    this.committed.pop()
  }

  get producer(): RdProducer {
    return {
      connect: () => {},
      setPollInterval: () => {},
      on: () => {},
      disconnect: (_, done) => {
        this.connected = false
        done()
      },
      produce: (topic, partition, value, key, time, _, headers = []) => {
        const error = this.#fault('produce')
        if (error) throw error
        if (this.#state !== 'open') throw trouble(this.#state === 'fatal' ? -150 : STATE)
        const [k, v] = [key!.toString('latin1'), value === null ? null : value.toString('latin1')]
        this.#records.push({ topic, partition, key: k, value: v, time, headers })
      },
      getMetadata: (_, done) => this.#answer('metadata', done, () => null),
      initTransactions: (_, done) => done(),
      beginTransaction: done =>
        this.#answer('begin', done, () => {
          if (this.#state !== 'ready') return trouble(STATE)
          this.#state = 'open'
          return null
        }),
      sendOffsetsToTransaction: (offsets, consumer, _, done) =>
        this.#answer('sendOffsets', done, () => {
          if (this.#state === 'failed') return abortable()
          const group = (consumer as unknown as { group: string }).group
          for (const { topic, partition, offset } of offsets)
            this.#offsets.push(`${group} ${topic}/${partition} ${offset}`)
          return null
        }),
      commitTransaction: (_, done) =>
        this.#answer('commit', done, () => {
          if (this.#state === 'failed') return abortable()
          if (this.#state !== 'open') return trouble(STATE)
          this.committed.push({ records: this.#records, offsets: this.#offsets })
          return this.#end()
        }),
      abortTransaction: (_, done) =>
        this.#answer('abort', done, () => {
          if (this.#state === 'ready') return trouble(STATE)
          this.aborted++
          return this.#end()
        }),
    }
  }

  carrier(group: string): RdConsumer {
    return { group } as unknown as RdConsumer
  }

  #end(): null {
    this.#records = []
    this.#offsets = []
    this.#state = 'ready'
    return null
  }

  #answer(name: Call, done: Done, work: () => RdError | null): void {
    const go = () => {
      const error = this.#fault(name) ?? this.#fatal ?? work()
      if (error?.isTxnRequiresAbort) this.#state = 'failed'
      setImmediate(() => done(error))
    }
    if (!this.#holding.has(name)) return go()
    this.#held.set(name, [...(this.#held.get(name) ?? []), go])
  }

  #fault(name: Call): RdError | null {
    this.calls.push(name)
    const faults = this.#faults.get(name) ?? []
    const due = faults.findIndex(f => f.after-- === 0)
    const error = due < 0 ? null : faults.splice(due, 1)[0]!.error
    if (error?.isFatal) {
      this.#state = 'fatal'
      this.#fatal = error
    }
    return error
  }
}
