import {
  appendFileSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isoTime } from '../../engine/clock/iso.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { messageOf } from '../../engine/errors.ts'
import { batchesOf } from '../../engine/log/batches.ts'
import { partitionOf } from '../../engine/log/partition.ts'
import { ownedOf } from '../../engine/runtime/owned.ts'
import { Passes } from '../../engine/runtime/passes.ts'
import type { Running } from '../../engine/runtime/running.ts'
import type { SigningKey } from '../../engine/signing.ts'
import { topicName } from '../../engine/stage/layout.ts'
import type { BesideEvent } from '../../engine/stage/topology.ts'
import {
  AUDIT_TOPIC,
  type AuditEntry,
  auditCheckpointKind,
  auditEntryKind,
  CHECKPOINTS_TOPIC,
} from './kinds.ts'
import { entryHash, type Head, noEntries } from './model/chain.ts'
import { type Checkpoint, nextCheckpoint } from './model/checkpoint.ts'
import { checkpointsOf, entryOf } from './stored.ts'

export interface SignerSettings {
  /** Folder of the checkpoints that are to be kept elsewhere, a file a tenant; left out: none. */
  readonly export?: string | undefined
  readonly everyMinutes: number
  readonly everyEntries: number
}

export interface SignerOptions extends SignerSettings {
  readonly engine: Pick<Running, 'stores' | 'groups'>
  readonly signing: SigningKey | null
  readonly pollMs?: number
  tell(event: BesideEvent): void
}

/** A tenant's chain as far as it was read. */
interface Chain {
  head: Head
  last: Checkpoint | null
  /** What was found wrong is told once. */
  isBad: boolean
}

/**
 * Signs where the audit logs of tenants have come to: hourly, and every 10,000 entries, outside the fold, so that what a
 * fold would write later can be held against it. Every entry there is is read back and checked on the way: at the start
 * all of them. Source: autopilot.md §7.
 */
export class CheckpointSigner {
  readonly #o: SignerOptions
  readonly #chains = new Map<string, Chain>()
  readonly #at = new Map<number, number>()
  readonly #passes: Passes
  #known: Map<string, Checkpoint[]> = new Map()

  constructor(options: SignerOptions) {
    this.#o = options
    const { tell, pollMs } = options
    this.#passes = new Passes({ name: 'Audit log', pass: () => this.pass(), tell, pollMs })
  }

  start(): void {
    if (this.#o.signing === null)
      return this.#o.tell({
        level: 'warn',
        message:
          'The audit log is not signed: there is no key. Set secrets.signingKeys (openssl rand -base64 32), the same for all processes.',
      })
    this.#passes.start()
  }

  stop(): Promise<void> {
    return this.#passes.stop()
  }

  /** One look: reads what is new, and signs what is due. */
  async pass(): Promise<void> {
    const topic = topicName(AUDIT_TOPIC)
    const owned = ownedOf(this.#o.engine, topic)
    // What another process had before may have been signed since.
    if ([...this.#at.keys()].some(partition => !owned.includes(partition))) this.#forget()
    if (owned.some(partition => !this.#at.has(partition)))
      this.#known = await checkpointsOf(this.#o.engine.stores, this.#passes.signal)
    for (const partition of owned) await this.#read(topic, partition)
    await this.#signDue()
  }

  /** All chains are of few partitions: they are read again where one of these has gone. */
  #forget(): void {
    this.#chains.clear()
    this.#at.clear()
  }

  async #read(topic: string, partition: number): Promise<void> {
    const { log, codec } = this.#o.engine.stores
    const reader = codec.reader()
    const isCut = (await log.bounds(topic, partition)).start > 0
    const from = this.#at.get(partition) ?? 0
    this.#at.set(partition, from)
    for await (const { records, next } of batchesOf(log, topic, partition, from)) {
      if (this.#passes.signal.aborted) return
      await reader.ready(records)
      for (const { value } of records) {
        if (value === null) continue
        const { kind, value: said } = reader.decode(value)
        if (kind === auditEntryKind.name) this.#take(said as unknown as AuditEntry, isCut)
      }
      // What was taken in is not taken in again, should the next read fail.
      this.#at.set(partition, next)
    }
  }

  /** @param isCut entries before those that are there have gone with their retention */
  #take(record: AuditEntry, isCut: boolean): void {
    const entry = entryOf(record)
    const { tenant } = entry
    let chain = this.#chains.get(tenant)
    if (!chain) {
      chain = { head: noEntries(), last: this.#known.get(tenant)?.at(-1) ?? null, isBad: false }
      this.#chains.set(tenant, chain)
    }
    const { head } = chain
    const isFirst = head.seq < 0 && (isCut || entry.seq === 0)
    const follows = isFirst || (entry.seq === head.seq + 1 && entry.prev === head.hash)
    const isSigned = chain.last === null || chain.last.seq !== entry.seq || chain.last.head === record.hash
    if ((!follows || entryHash(entry) !== record.hash || !isSigned) && !chain.isBad) {
      chain.isBad = true
      this.#o.tell({
        level: 'error',
        message: `The audit log of ${tenant} is not what was written, from entry ${entry.seq} on: \`stratum verify --audit --tenant ${tenant}\` says what is wrong. Nothing of it is signed any more.`,
      })
    }
    chain.head = { seq: entry.seq, hash: record.hash }
  }

  async #signDue(): Promise<void> {
    const { signing, everyMinutes, everyEntries, engine } = this.#o
    if (signing === null) return
    const now = engine.stores.options.clock()
    for (const [tenant, chain] of this.#chains) {
      const { head, last, isBad } = chain
      const signed = last?.seq ?? -1
      if (isBad || head.seq === signed) continue
      const since = last === null ? Number.POSITIVE_INFINITY : now - Date.parse(last.at) * 1000
      const isShorter = head.seq < signed
      if (!isShorter && head.seq - signed < everyEntries && since < everyMinutes * 60_000_000) continue
      const statement = { tenant, seq: head.seq, head: head.hash, at: isoTime(now) }
      let checkpoint: Checkpoint
      try {
        checkpoint = nextCheckpoint(last, statement, signing)
      } catch (error) {
        // It was cut off or rewritten since, or the clock goes back: a later look may find it otherwise.
        chain.isBad = isShorter || last?.seq === head.seq
        this.#o.tell({ level: 'error', message: messageOf(error) })
        continue
      }
      try {
        await this.#write(checkpoint, now)
      } catch (error) {
        // Written or not: what the topic has is read again before the next one.
        this.#forget()
        throw error
      }
      chain.last = checkpoint
      this.#known.set(tenant, [...(this.#known.get(tenant) ?? []), checkpoint])
      if (this.#o.export !== undefined) keepElsewhere(this.#o.export, tenant, this.#known.get(tenant)!)
    }
  }

  async #write(checkpoint: Checkpoint, now: number): Promise<void> {
    const { log, codec, layout } = this.#o.engine.stores
    await codec.register(auditCheckpointKind)
    const { tenant, ...said } = checkpoint
    const topic = topicName(CHECKPOINTS_TOPIC)
    const value = codec.encode(auditCheckpointKind, {
      tenant_id: tenant,
      event_id: deterministicId(tenant, 'checkpoint', said.seq, said.at),
      event_time: now,
      ingest_time: now,
      ...said,
    })
    const records = [{ key: Buffer.from(tenant), value, time: now }]
    const partition = partitionOf(tenant, layout.partitions(topic))
    // Whoever signs next takes the writer over: two that do not know of one another cannot both go on.
    const writer = await log.writer('audit-signer')
    try {
      await writer.commit({ appends: [{ topic, partition, records }] })
    } finally {
      await writer.close()
    }
  }
}

/**
 * All checkpoints of a tenant that its file has not yet, a line each, on the disk before anything goes on. What was torn
 * by the end of a process is written again.
 */
function keepElsewhere(folder: string, tenant: string, checkpoints: readonly Checkpoint[]): void {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, `${encodeURIComponent(tenant)}.ndjson`), 'a+')
  try {
    const text = readFileSync(file, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole))
    const last = whole.trimEnd().split('\n').at(-1)
    const kept = (last ? JSON.parse(last) : { seq: -1 }) as { seq: number }
    const lines = checkpoints.filter(({ seq }) => seq > kept.seq).map(one => `${JSON.stringify(one)}\n`)
    appendFileSync(file, lines.join(''))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
