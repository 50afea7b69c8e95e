import { type Tick, tickKind } from '../clock/tick.ts'
import type { Codec, Reader } from '../codec/codec.ts'
import { EventIds } from '../codec/event-id.ts'
import type { BaseRecord } from '../codec/kind.ts'
import { deadLetterKind, letterOfRecord } from '../deadletter/dead-letter.ts'
import { messageOf, StratumError } from '../errors.ts'
import type { CommitUnit, LogRecord, RecordBatch, StateReader, StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { KeyedState } from '../state/keyed.ts'
import { PendingState } from '../state/pending.ts'
import { Context } from './context.ts'
import { DEAD_LETTERS, type Layout } from './layout.ts'
import { Outputs } from './outputs.ts'
import { type Poison, Poisons } from './poison.ts'
import { Slot } from './slot.ts'
import type { Task } from './topology.ts'
import { Watermarks } from './watermarks.ts'
import type { Windows } from './window-sums.ts'

export interface FoldOptions {
  readonly task: Task
  readonly topic: string
  readonly partition: number
  readonly codec: Codec
  readonly layout: Layout
  readonly state: StateReader
  /** Values of keyed state kept decoded, per stage. */
  readonly cachedKeys?: number
  /** A stage whose outputs are to be told from those of the others: see `marked`. */
  readonly marks?: string
  /** Tests: forget all memory after every batch, as a restart would. */
  readonly forgetful?: boolean
  readonly onRecord?: (stage: string, tenant: string, records: number) => void
  /** Records that came out at the end of the row, by kind. */
  readonly onHandedOn?: (kind: string, records: number) => void
  /** Records that a stage kept from those after it without refusing them: repeats. */
  readonly onDropped?: (stage: string, records: number) => void
  readonly onDeadLetter?: (stage: string, reason: string) => void
  readonly onCrash?: (stage: string, error: unknown, attempt: number) => void
}

export const stateStore = (task: string, topic: string, partition: number) => `${task}/${topic}/${partition}`
export const taskGroup = (task: string) => `task.${task}`

/** One task over one partition: batches in, commit units out. Everything between is synchronous. */
export class Fold {
  readonly #o: FoldOptions
  readonly #pending: PendingState
  readonly #slots: Slot[]
  readonly #outputs: Outputs
  readonly #reader: Reader
  readonly #poisons = new Poisons()
  readonly #watermarks: Watermarks
  readonly #handedOn = new Map<string, number>()
  readonly #dropped = new Map<string, number>()
  readonly #eventIds: EventIds
  #rejected: { stage: string; reason: string }[] = []
  /** Whose record is folded. */
  #tenant = ''
  /** The stage whose windows are shown. */
  #showing: Slot | null = null
  /** Windows of the batch are shown after each record: one of them could not be shown, and whose fault that is has to be found. */
  #careful = false
  readonly #ctx: Context

  constructor(options: FoldOptions) {
    this.#o = options
    const { task, topic, partition } = options
    this.#pending = new PendingState(stateStore(task.name, topic, partition), options.state)
    this.#watermarks = new Watermarks(this.#pending)
    this.#slots = task.stages.map(stage => new Slot(stage, this.#pending, options.cachedKeys))
    this.#outputs = new Outputs(
      options.codec,
      options.layout,
      `${task.name}:${topic}`,
      partition,
      options.marks,
    )
    this.#reader = options.codec.reader(fieldsRead(task))
    this.#eventIds = new EventIds(options.codec)
    this.#ctx = new Context(this, this.#outputs)
  }

  get topic(): string {
    return this.#o.topic
  }

  get partition(): number {
    return this.#o.partition
  }

  get partitions(): number {
    return this.#o.layout.partitions(this.#o.topic)
  }

  /** Makes the schemas of records known, before they are folded: see `Reader.ready`. */
  ready(records: readonly StoredRecord[]): Promise<void> | undefined {
    return this.#reader.ready(records)
  }

  /** Folds a batch. The unit must be committed, in order, before `landed` is called for it. */
  process(batch: RecordBatch): CommitUnit {
    for (;;) {
      try {
        for (const record of batch.records) {
          this.#record(record)
          if (this.#careful) this.#showWindows()
        }
        this.#showWindows()
        break
      } catch (error) {
        if (error instanceof StratumError && error.code === 'STATE_VERSION') throw error
        const { offset } = this.#ctx.record
        const shown = this.#showing
        const stage = (shown ?? this.#ctx.slot)?.stage.name ?? this.#o.task.name
        const ticked = shown ? null : this.#ctx.ticked
        this.#rollback()
        // What is in the window came with any of the batch's records.
        if (shown && !this.#careful) {
          this.#careful = true
          continue
        }
        // The record itself is at fault: trying again would end the same.
        if (error instanceof StratumError && error.code === 'RECORD_INVALID') {
          this.#poisons.add(offset, stage, ticked, error.message)
          continue
        }
        // Counted also where nobody listens: it would be tried for ever.
        const attempt = this.#poisons.crash(offset, stage, ticked, messageOf(error))
        this.#o.onCrash?.(stage, error, attempt)
      }
    }
    for (const slot of this.#slots) slot.keyed.flush()
    const state = this.#pending.take()
    const unit: CommitUnit = {
      appends: this.#outputs.take(),
      state: state ? [state] : [],
      positions: [
        {
          group: taskGroup(this.#o.task.name),
          topic: batch.topic,
          partition: batch.partition,
          next: batch.next,
        },
      ],
    }
    if (this.#o.forgetful) this.#drop()
    else
      for (const slot of this.#slots) {
        slot.keyed.rotate()
        slot.windows?.rotate()
      }
    this.#poisons.clear()
    this.#careful = false
    for (const slot of this.#slots)
      for (const [tenant, n] of slot.counts) this.#o.onRecord?.(slot.stage.name, tenant, n)
    for (const [kind, n] of this.#handedOn) this.#o.onHandedOn?.(kind, n)
    for (const [stage, n] of this.#dropped) this.#o.onDropped?.(stage, n)
    for (const { stage, reason } of this.#rejected) this.#o.onDeadLetter?.(stage, reason)
    this.#forgetCounts()
    return unit
  }

  /** Whether an output is one of the stage `marks`: it wrote it, or handed it on or saw it pass to the end of the row. */
  marked(record: LogRecord): boolean {
    return this.#outputs.marked(record)
  }

  /** The oldest unit not yet acknowledged is committed. */
  landed(): void {
    this.#pending.landed()
  }

  dropped(stage: string): void {
    this.#dropped.set(stage, (this.#dropped.get(stage) ?? 0) + 1)
  }

  #rollback(): void {
    this.#outputs.clear()
    this.#pending.rollback()
    this.#drop()
    this.#forgetCounts()
    this.#showing = null
  }

  #drop(): void {
    for (const slot of this.#slots) slot.drop()
    this.#watermarks.drop()
  }

  #forgetCounts(): void {
    for (const slot of this.#slots) slot.counts.clear()
    this.#handedOn.clear()
    this.#dropped.clear()
    this.#rejected = []
  }

  #record(record: StoredRecord): void {
    this.#ctx.record = record
    this.#ctx.slot = undefined
    this.#outputs.stage = undefined
    if (record.value === null) return
    this.#tenant = tenantOf(record.key)
    const poisons = this.#poisons.of(record.offset)
    let decoded: { kind: string; value: unknown }
    try {
      decoded = this.#reader.decode(record.value)
    } catch (error) {
      return this.reject(record, this.#o.task.name, messageOf(error))
    }
    this.#row(0, decoded.kind, decoded.value, true, record.headers?.only, poisons)
  }

  #row(
    from: number,
    kind: string,
    value: unknown,
    original: boolean,
    only?: string,
    poisons?: ReadonlyMap<string, Poison>,
    /** The stage `marks` has handed it on, or what it was made of. */
    seen = false,
  ): void {
    const ctx = this.#ctx
    for (let i = from; i < this.#slots.length; i++) {
      const slot = this.#slots[i]!
      if (only !== undefined && slot.stage.name !== only && this.#o.task.name !== only) continue
      const handler = slot.stage.on[kind]
      const closes = slot.windows?.closes === true
      const ticks = kind === tickKind.name && (slot.stage.tick !== undefined || closes)
      const windowed = slot.stage.windows?.on[kind] !== undefined
      if (handler === undefined && !ticks && !windowed) continue
      ctx.begin(slot)
      if (slot.stage.name === this.#o.marks) seen = true
      const poison = poisons?.get(slot.stage.name)
      if (poison && poison.all !== null) {
        this.reject(ctx.record, slot.stage.name, poison.all)
        // A record that an earlier stage made ends here; the one that was read goes on to its other stages.
        if (!original) return
      } else {
        if (handler) this.#handle(slot, handler as never, value)
        // What the handler refused or knows for a repeat counts nowhere.
        if (windowed && !ctx.dropped && !this.#addToWindow(slot, kind, value) && !original) return
        if (ticks) this.#tick(slot, value as Tick, poison?.keys)
      }
      const { handed } = ctx
      if (handed.length > 0) {
        const dropped = ctx.dropped
        ctx.handed = []
        for (const h of handed) this.#row(i + 1, h.kind.name, h.value, false, undefined, poisons, seen)
        if (dropped) return
      } else if (ctx.dropped) return
    }
    if (!original && this.#o.task.to) {
      const out = value as BaseRecord
      this.#outputs.stage = seen ? this.#o.marks : undefined
      this.#outputs.emit(this.#o.task.to, ctx.kindOf(kind), out, [out.tenant_id], ctx.record.time)
      this.#handedOn.set(kind, (this.#handedOn.get(kind) ?? 0) + 1)
    }
  }

  #handle(
    slot: Slot,
    handler: (state: unknown, record: unknown, ctx: Context) => void,
    value: unknown,
  ): void {
    slot.count(this.#tenant)
    const parts = slot.stage.key?.(value as never) ?? null
    if (parts === null) return handler(undefined, value, this.#ctx)
    const key = KeyedState.key(parts)
    this.#ctx.same = false
    handler(slot.keyed.get(key), value, this.#ctx)
    if (!this.#ctx.same) slot.keyed.touch(key, slot.stage.ticks === 'touched')
  }

  /** Whether it counts; if not, it is in the dead letters. */
  #addToWindow(slot: Slot, kind: string, value: unknown): boolean {
    const { record } = this.#ctx
    const reason = slot.windows!.add(kind, record.key, value, record.time)
    if (reason !== null) this.reject(record, slot.stage.name, reason)
    return reason === null
  }

  #showWindows(): void {
    for (const slot of this.#slots) if (slot.windows) this.#show(slot, slot.windows)
  }

  #show(slot: Slot, windows: Windows): void {
    this.#showing = slot
    this.#outputs.stage = slot.stage.name
    windows.flush(
      ({ topic, kind, value, key }, time) => this.#outputs.emit(topic, kind, value, key, time),
      (tenant, records) => {
        // A stage with a handler of its own has counted them.
        if (Object.keys(slot.stage.on).length === 0) slot.count(tenant, records)
      },
    )
    this.#showing = null
  }

  #tick(slot: Slot, tick: Tick, poisoned?: ReadonlyMap<string, string>): void {
    const touched = slot.stage.ticks === 'touched'
    const watermark = this.#watermarks.advance(tick.tenant_id, tick.watermark)
    if (slot.windows?.closes) {
      // As they would have been had the batch ended before the tick.
      this.#show(slot, slot.windows)
      slot.windows.close(tick.tenant_id, watermark)
    }
    if (slot.stage.tick === undefined) return
    const latest = watermark === tick.watermark ? tick : { ...tick, watermark }
    // One letter for all: it is one record that they could not take.
    const [first] = poisoned ?? []
    if (first) this.reject(this.#ctx.record, slot.stage.name, ofKeys(...first, poisoned!.size - 1))
    for (const key of slot.keyed.keys(tick.tenant_id, touched)) {
      // A key that cannot take this tick is as it was before it, and is looked at again at the next.
      if (poisoned?.has(key)) continue
      this.#ctx.ticked = key
      this.#ctx.key = KeyedState.parts(key)
      this.#ctx.forgotten = false
      this.#ctx.repeat = false
      this.#ctx.same = false
      slot.stage.tick(slot.keyed.get(key), latest, this.#ctx)
      if (this.#ctx.forgotten) slot.keyed.delete(key)
      else if (!this.#ctx.same) slot.keyed.touch(key, false)
      if (touched && !this.#ctx.repeat) slot.keyed.clearTouched(key)
    }
    this.#ctx.ticked = null
  }

  reject(record: StoredRecord, stage: string, reason: string): void {
    const letter = letterOfRecord(record, this.#o, {
      stage,
      reason,
      eventId: this.#eventIds.of(record.value),
    })
    this.#outputs.emit(DEAD_LETTERS, deadLetterKind, letter, [letter.tenant_id, letter.event_id], record.time)
    this.#rejected.push({ stage, reason })
  }
}

/** The reason of a tick that some keys could not take: with the first of them, without its tenant. */
function ofKeys(key: string, reason: string, others: number): string {
  const name = KeyedState.parts(key).slice(1).join(' ')
  return `${reason} (at the tick of ${name || 'its only key'}${others > 0 ? ` and ${others} others` : ''})`
}

/** What the stages of a row read together, by kind; a kind one of them reads whole is decoded whole. */
function fieldsRead(task: Task): Record<string, readonly string[]> {
  const fields = new Map<string, Set<string> | null>()
  for (const stage of task.stages)
    for (const kind of [...Object.keys(stage.on), ...Object.keys(stage.windows?.on ?? {})]) {
      const wanted = stage.reads?.[kind]
      const known = fields.get(kind)
      if (!wanted || known === null) fields.set(kind, null)
      else fields.set(kind, new Set([...(known ?? []), ...wanted]))
    }
  const out: Record<string, readonly string[]> = {}
  for (const [kind, names] of fields) if (names) out[kind] = [...names]
  return out
}
