import { validate } from '../../config/index.ts'
import { messageOf } from '../../errors.ts'
import { MASK } from '../../telemetry/redact.ts'
import type { Source, SourceBatch, SourceConfig, StreamSpec } from '../port.ts'
import { type Accepts, acceptor } from './accept.ts'
import { Bench } from './bench.ts'
import type { Limits } from './guard.ts'
import { failed, inapplicable } from './result.ts'
import { Said } from './said.ts'
import { formsOf, secretLeaves } from './secrets.ts'
import type { Deliveries, Trial, TrialOptions } from './trial.ts'

export interface LabOptions {
  readonly seed: number
  /** How long a batch may take. Milliseconds. */
  readonly batchMs: number
  /** Records that memory is measured with. */
  readonly records: number
  /** What memory may grow by while they are read. Bytes. */
  readonly memoryBytes: number
}

/** What a connector reads when nothing is wrong. */
export interface Baseline {
  readonly bench: Bench
  readonly streams: readonly StreamSpec[]
  /** The batches of a first read, by stream. */
  readonly reads: ReadonlyMap<string, readonly SourceBatch[]>
}

/** Where the checks of one connector are made. What it says in any of them is kept for the last one. */
export class Lab {
  readonly source: Source
  readonly options: LabOptions
  readonly said = new Said()
  /** Every credential that came by. */
  readonly secrets = new Set<string>()
  readonly #limits: Limits
  readonly #open = new Set<Bench>()
  #trial: Promise<Trial> | null = null
  #baseline: Promise<Baseline> | null = null
  #accepts: Promise<Accepts> | null = null

  constructor(source: Source, options: LabOptions) {
    this.source = source
    this.options = options
    this.#limits = { batchMs: options.batchMs, requests: 20_000, batches: 100_000 }
  }

  trial(): Promise<Trial> {
    const { trial } = this.source
    if (trial === null) inapplicable('it has no trial: nothing stands in for its platform')
    this.#trial ??= trial()
    return this.#trial
  }

  /** Starts a platform, and closes it when the work is done. */
  async with<T>(work: (bench: Bench) => Promise<T>, wanted: Partial<TrialOptions> = {}): Promise<T> {
    const bench = await this.#bench(wanted)
    try {
      return await work(bench)
    } finally {
      await this.#shut(bench)
    }
  }

  /** The same for a platform that is spoken to over HTTP. */
  async over<T>(work: (bench: Bench & { proxy: NonNullable<Bench['proxy']> }) => Promise<T>): Promise<T> {
    return this.with(async bench => {
      if (bench.proxy === null) return inapplicable('it is not spoken to over HTTP')
      return work(bench as Bench & { proxy: NonNullable<Bench['proxy']> })
    })
  }

  /** The same for a platform that sends by itself. */
  async delivering<T>(work: (bench: Bench, deliveries: Deliveries) => Promise<T> | T): Promise<T> {
    if (this.source.receive === null) inapplicable('it receives no deliveries')
    return this.with(async bench => {
      const { deliveries } = bench.platform
      if (!deliveries) return inapplicable('its trial sends no deliveries')
      if (deliveries.bodies.length < 2) failed('its trial sends less than two deliveries')
      return work(bench, deliveries)
    })
  }

  /** The baseline of a connector that reads; what is only delivered to is looked at by other checks. */
  async reading(): Promise<Baseline> {
    const baseline = await this.baseline()
    const readsNothing = [...baseline.reads.values()].every(batches => batches.length === 0)
    if (readsNothing && this.source.receive !== null && baseline.bench.platform.deliveries)
      inapplicable('nothing is read: its records are delivered')
    return baseline
  }

  baseline(): Promise<Baseline> {
    this.#baseline ??= this.#read()
    return this.#baseline
  }

  /** Whether the harness would take a record. */
  accepts(): Promise<Accepts> {
    this.#accepts ??= acceptor(this.source)
    return this.#accepts
  }

  /** A text without the credentials in it. */
  masked(text: string): string {
    let rest = text
    for (const secret of this.secrets)
      if (secret.length > 3) for (const form of formsOf(secret)) rest = rest.replaceAll(form, MASK)
    return rest
  }

  async close(): Promise<void> {
    for (const bench of this.#open) await this.#shut(bench)
  }

  async #bench(wanted: Partial<TrialOptions>): Promise<Bench> {
    const trial = await this.trial()
    let platform: Awaited<ReturnType<Trial['start']>>
    try {
      platform = await trial.start({ seed: this.options.seed, ...wanted })
    } catch (error) {
      return failed(`its trial does not start: ${messageOf(error)}`)
    }
    const config = this.#completed(platform.config)
    for (const { value } of secretLeaves(config, this.source.spec)) this.secrets.add(value)
    const { secrets } = this
    const said = wanted.records === undefined ? this.said : new Said()
    const { batchMs } = this.options
    const limits =
      wanted.records === undefined
        ? this.#limits
        : { batchMs, requests: Number.POSITIVE_INFINITY, batches: Number.POSITIVE_INFINITY }
    const bench = await Bench.open(this.source, platform, { config, said, secrets, limits })
    this.#open.add(bench)
    return bench
  }

  /** As the harness gives it: with defaults. What does not match is for the check `schema` to say. */
  #completed(config: SourceConfig): SourceConfig {
    try {
      return validate(this.source.spec, config, 'the configuration of its trial') as SourceConfig
    } catch {
      return config
    }
  }

  async #shut(bench: Bench): Promise<void> {
    this.#open.delete(bench)
    await bench.close()
  }

  async #read(): Promise<Baseline> {
    const bench = await this.#bench({})
    const streams = await bench.streams()
    const reads = new Map<string, readonly SourceBatch[]>()
    let most = { requests: 0, batches: 0 }
    for (const stream of streams) {
      const before = bench.proxy?.requests ?? 0
      const batches = await bench.all(stream)
      reads.set(stream.name, batches)
      const requests = (bench.proxy?.requests ?? 0) - before
      most = {
        requests: Math.max(most.requests, requests),
        batches: Math.max(most.batches, batches.length),
      }
    }
    // What it takes once it may take some times over; more is without end.
    this.#limits.requests = most.requests * 10 + 100
    this.#limits.batches = most.batches * 10 + 100
    return { bench, streams, reads }
  }
}
