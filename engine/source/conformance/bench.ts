import { setTimeout as sleep } from 'node:timers/promises'
import { type Pace, type SourceContext, sourceContext } from '../context.ts'
import type { Delivery, Received } from '../delivery.ts'
import { unlimited } from '../limits/limiter.ts'
import type { RejectedRow, Source, SourceBatch, SourceConfig, StreamSpec } from '../port.ts'
import { memoryTokens, type TokenStore } from '../tokens.ts'
import { troubleKind } from '../trouble.ts'
import { canonical } from './compare.ts'
import { guarded, type Limits } from './guard.ts'
import { FaultProxy } from './proxy/proxy.ts'
import { withOrigin } from './proxy/rewrite.ts'
import { failed, Nonconformity } from './result.ts'
import type { Said } from './said.ts'
import { credentialsIn } from './secrets.ts'
import type { Platform } from './trial.ts'

/** Waits as short as they can be; what a platform asks for is waited all the same. */
const PACE: Pace = { backOffMs: 1, pollMs: 5 }

export interface ReadOptions {
  readonly state?: unknown
  readonly signal?: AbortSignal
  /** UTC microseconds. */
  readonly now?: number
  readonly pace?: Pace
}

/** What a sync of one stream comes to. */
export interface Through {
  readonly records: readonly SourceBatch['records'][number][]
  readonly rejected: readonly RejectedRow[]
  /** Of its last batch. */
  readonly state: unknown
  /** How often it went on from a state, because the connector gave up with an error that passes. */
  readonly resumed: number
}

/** Goes on from the last state so often in a row before an error counts. */
const MAX_RESUMES = 8
const MAX_WAIT_MS = 5_000

/** One platform with a connector on it, and the fault proxy between them. */
export class Bench {
  readonly source: Source
  readonly platform: Platform
  /** Null: it is not spoken to over HTTP. */
  readonly proxy: FaultProxy | null
  readonly config: SourceConfig
  readonly tokens: TokenStore
  readonly #said: Said
  readonly #limits: Limits
  readonly #secrets: Set<string>

  private constructor(source: Source, platform: Platform, proxy: FaultProxy | null, o: BenchOptions) {
    this.source = source
    this.platform = platform
    this.proxy = proxy
    this.config = o.config
    this.#said = o.said
    this.#limits = o.limits
    this.#secrets = o.secrets
    this.tokens = watched(o.secrets)
  }

  static async open(source: Source, platform: Platform, o: BenchOptions): Promise<Bench> {
    const { address } = platform
    const { config } = o
    if (address === null) return new Bench(source, platform, null, o)
    const value = config[address.setting]
    if (typeof value !== 'string' || !/^http:\/\//.test(value))
      return failed(`the trial's setting ${address.setting} holds no address that begins with http://`)
    const target = new URL(value)
    const proxy = await FaultProxy.start(target)
    return new Bench(source, platform, proxy, {
      ...o,
      config: withOrigin(config, target.origin, proxy.origin),
    })
  }

  async close(): Promise<void> {
    for (const { headers, path } of this.proxy?.seen ?? [])
      for (const credential of credentialsIn(headers, path)) this.#secrets.add(credential)
    await this.proxy?.close()
    await this.platform.close()
  }

  /** What was heard and seen of the connector goes: it would count as memory of the connector's. */
  forget(): void {
    this.proxy?.seen.splice(0)
    this.#said.forget()
  }

  context({ signal, now = this.platform.now, pace }: ReadOptions = {}): SourceContext {
    return sourceContext({
      config: this.config,
      clock: () => now,
      // A trial's platform has none: the connector's own would only make the checks slow.
      limiter: unlimited,
      tokens: this.tokens,
      notice: message => this.#said.add('a notice', message),
      pace: { ...PACE, ...pace },
      ...(signal ? { signal } : {}),
    })
  }

  /** @param over other settings, other tokens */
  async check(over: Partial<SourceContext> = {}): Promise<void> {
    await this.#heard('an error of check', this.source.check({ ...this.context(), ...over }))
  }

  async streams(): Promise<readonly StreamSpec[]> {
    return this.#heard('an error of discover', this.source.discover(this.context()))
  }

  /** A stream's batches; states as they come back from where they are kept. @throws Nonconformity: it does not end */
  async *batches(stream: StreamSpec, options: ReadOptions = {}): AsyncGenerator<SourceBatch> {
    const stop = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
    const context = { ...this.context({ ...options, signal }), state: options.state ?? null }
    const { proxy } = this
    try {
      const batches = guarded(
        () => this.source.read(stream.name, context),
        this.#limits,
        () => proxy?.requests ?? 0,
      )
      for await (const batch of batches) {
        const where = `stream ${stream.name}`
        this.#said.rejected(where, batch.rejected ?? [])
        yield { ...batch, state: this.#kept(stream, batch.state) }
      }
    } catch (error) {
      if (!(error instanceof Nonconformity)) this.#said.error(`an error of stream ${stream.name}`, error)
      throw error
    } finally {
      stop.abort(new Error('the conformance kit wants no more'))
    }
  }

  async all(stream: StreamSpec, options?: ReadOptions): Promise<SourceBatch[]> {
    const batches: SourceBatch[] = []
    for await (const batch of this.batches(stream, options)) batches.push(batch)
    return batches
  }

  async records(stream: StreamSpec, options?: ReadOptions): Promise<SourceBatch['records'][number][]> {
    return (await this.all(stream, options)).flatMap(batch => batch.records)
  }

  /** A stream as a sync reads it: from the last state on after an error that passes. @throws any other error */
  async through(stream: StreamSpec, options: ReadOptions = {}): Promise<Through> {
    const records: SourceBatch['records'][number][] = []
    const rejected: RejectedRow[] = []
    let { state = null } = options
    let resumed = 0
    for (let tries = 0; ; tries++)
      try {
        for await (const batch of this.batches(stream, { ...options, state })) {
          records.push(...batch.records)
          rejected.push(...(batch.rejected ?? []))
          state = batch.state
          tries = 0
        }
        return { records, rejected, state, resumed }
      } catch (error) {
        const kind = troubleKind(error)
        if (kind === 'payload') {
          const { message, origin, bytes } = error as Error & { origin: string; bytes: Buffer | null }
          return { records, rejected: [...rejected, { reason: message, origin, bytes }], state, resumed }
        }
        if (kind !== 'retryable' || tries >= MAX_RESUMES) throw error
        resumed++
        await sleep(Math.min(MAX_WAIT_MS, (error as { retryAfterMs?: number | null }).retryAfterMs ?? 0))
      }
  }

  /** What the connector makes of a delivery. @param over other settings, another time */
  receive(delivery: Delivery, over: Partial<SourceContext> = {}): Received {
    try {
      const received = this.source.receive!(delivery, { ...this.context(), ...over })
      for (const { stream, records, rejected = [] } of received.batches) {
        this.#said.rejected('a delivery', rejected)
        if (records.length > 0) this.#said.add(`a record of stream ${stream}`, canonical(records))
      }
      return received
    } catch (error) {
      this.#said.error('an error of a delivery', error)
      throw error
    }
  }

  #kept(stream: StreamSpec, state: unknown): unknown {
    let text: string | undefined
    try {
      text = JSON.stringify(state)
    } catch {}
    if (text === undefined) failed(`${stream.name}: a state is no JSON`)
    this.#said.add(`a state of stream ${stream.name}`, text)
    return JSON.parse(text)
  }

  async #heard<T>(where: string, work: Promise<T>): Promise<T> {
    try {
      return await guarded(work, this.#limits)
    } catch (error) {
      this.#said.error(where, error)
      throw error
    }
  }
}

interface BenchOptions {
  readonly config: SourceConfig
  readonly said: Said
  readonly limits: Limits
  /** Gets every credential that comes by. */
  readonly secrets: Set<string>
}

function watched(secrets: Set<string>): TokenStore {
  const tokens = memoryTokens()
  return {
    load: () => tokens.load(),
    async update(renew) {
      const made = await tokens.update(renew)
      secrets.add(made.access)
      if (made.refresh !== null) secrets.add(made.refresh)
      return made
    },
  }
}
