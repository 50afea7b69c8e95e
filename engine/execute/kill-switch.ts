import { setTimeout as sleep } from 'node:timers/promises'
import type { Codec, Reader } from '../codec/codec.ts'
import { messageOf, StratumError } from '../errors.ts'
import { batchesOf } from '../log/batches.ts'
import type { EventLog } from '../log/port.ts'
import { EVERYBODY, isEngaged } from './engaged.ts'

/** A record of the topic (kind `kill_switch`), as far as an executor reads it. */
interface SwitchRecord {
  readonly tenant_id: string
  readonly engaged: boolean
  readonly reason: string | null
  /** Counted up by the fold; 0: engaged directly. */
  readonly revision: number
  /** JSON. Of the fold: ids of commands it has seen engage; of one engaged directly: its own. */
  readonly commands: string
}

/** A tenant's: what the fold says, and the last that was engaged directly. */
interface Known {
  fold: SwitchRecord | null
  direct: SwitchRecord | null
}

export const KILL_SWITCH_KIND = 'kill_switch'

/** After so long without a look at the end of the topic its state is not known: product.md §4.4. Milliseconds. */
const FRESH_MS = 5_000
const POLL_MS = 1_000

const UNSEEN = 'the kill switch cannot be looked at: it counts as engaged'

export interface KillSwitchOptions {
  readonly log: EventLog
  readonly codec: Codec
  /** By its full name. */
  readonly topic: string
  readonly partitions: number
  /** Milliseconds since whenever. */
  readonly steady: () => number
  /** How often it looks. Milliseconds (1000). */
  readonly pollMs?: number
  tell(error: unknown): void
}

/**
 * The kill switches as they are in force, read from the topic itself, so that no backlog of the fold delays a stop. What
 * is not known is engaged: before the topic was read to its end, and five seconds after it last was.
 */
export class KillSwitchWatch {
  readonly #o: KillSwitchOptions
  readonly #reader: Reader
  /** Where each partition was read to. */
  readonly #at: number[]
  readonly #known = new Map<string, Known>()
  readonly #stop = new AbortController()
  /** Before the last look that came to the end of all partitions. */
  #lookedAt = Number.NEGATIVE_INFINITY
  /** The look that goes on, and the one that begins after it. */
  #now: Promise<void> | null = null
  #next: Promise<void> | null = null
  #loop: Promise<void> = Promise.resolve()

  constructor(options: KillSwitchOptions) {
    this.#o = options
    this.#reader = options.codec.reader()
    this.#at = Array.from({ length: options.partitions }, () => 0)
  }

  start(): void {
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  /**
   * Why nothing may be written for a tenant, as far as is known at this moment; null: it may.
   * @param isExempt from the tenant's own switch
   */
  engaged(tenant: string, isExempt = false): string | null {
    const age = this.#o.steady() - this.#lookedAt
    if (!(age <= FRESH_MS)) return UNSEEN
    for (const [name, whose] of [
      [EVERYBODY, 'the kill switch of the installation is engaged'],
      [tenant, 'the kill switch is engaged'],
    ] as const) {
      if (name === tenant && isExempt) continue
      const known = this.#known.get(name)
      const found = known && engagedIn(known)
      if (found) return found.reason === null ? whose : `${whose}: ${found.reason}`
    }
    return null
  }

  /** The same by a look that begins now: where it does not come to the end, it counts as engaged. */
  async look(tenant: string, isExempt = false): Promise<string | null> {
    const asked = this.#o.steady()
    await Promise.race([this.#look(), sleep(FRESH_MS, undefined, { ref: false })]).catch(error =>
      this.#o.tell(error),
    )
    return this.#lookedAt < asked ? UNSEEN : this.engaged(tenant, isExempt)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    const { pollMs = POLL_MS } = this.#o
    while (!signal.aborted) {
      await this.#look().catch(error => this.#o.tell(error))
      await sleep(pollMs, undefined, { signal }).catch(() => {})
    }
  }

  /** A look that begins after this was called: many who ask at once share one. */
  #look(): Promise<void> {
    if (this.#now === null) return this.#begin()
    this.#next ??= this.#now
      .catch(() => {})
      .then(() => {
        this.#next = null
        return this.#begin()
      })
    return this.#next
  }

  #begin(): Promise<void> {
    const look = this.#readOn().finally(() => {
      if (this.#now === look) this.#now = null
    })
    this.#now = look
    return look
  }

  async #readOn(): Promise<void> {
    const began = this.#o.steady()
    await Promise.all(this.#at.map((_, partition) => this.#readPartition(partition)))
    this.#lookedAt = began
  }

  async #readPartition(partition: number): Promise<void> {
    const { log, topic } = this.#o
    // What is compacted away while nobody looked was said again later.
    for await (const { records, next } of batchesOf(log, topic, partition, this.#at[partition])) {
      await this.#reader.ready(records)
      for (const { value } of records) if (value !== null) this.#takeIn(value)
      this.#at[partition] = next
    }
  }

  #takeIn(bytes: Buffer): void {
    const { kind, value } = this.#reader.decode(bytes)
    if (kind !== KILL_SWITCH_KIND) return
    const record = value as unknown as SwitchRecord
    let known = this.#known.get(record.tenant_id)
    if (!known) {
      known = { fold: null, direct: null }
      this.#known.set(record.tenant_id, known)
    }
    // The fold may have spoken in another partition; what was engaged directly is in one, in the order of the log,
    // whatever the clocks of those who did it said.
    if (record.revision > 0) {
      if (record.revision > (known.fold?.revision ?? 0)) known.fold = record
    } else if (record.engaged) known.direct = record
  }
}

/** The record that keeps it engaged; null: nothing does. */
function engagedIn({ fold, direct }: Known): SwitchRecord | null {
  const records = {
    fold: fold && { engaged: fold.engaged, commands: fold.engaged ? [] : idsOf(fold) },
    direct: direct && { commands: idsOf(direct) },
  }
  return isEngaged(records) ? (fold?.engaged ? fold : direct) : null
}

function idsOf({ commands, tenant_id }: SwitchRecord): readonly string[] {
  try {
    const said: unknown = JSON.parse(commands)
    return Array.isArray(said) ? said.map(String) : [String(said)]
  } catch (error) {
    throw new StratumError('RECORD_INVALID', `kill switch of ${tenant_id}: ${messageOf(error)}`)
  }
}
