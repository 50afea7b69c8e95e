import { setMaxListeners } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventIds } from '../codec/event-id.ts'
import { deadLetterKind, letterOfRecord } from '../deadletter/dead-letter.ts'
import { partitionOf } from '../log/partition.ts'
import type { LogWriter, StoredRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import type { Cutting } from '../sink/cut.ts'
import { CutReader } from '../sink/cut-reader.ts'
import { Inserter } from '../sink/inserter.ts'
import type { TableSpec } from '../sink/table.ts'
import { Fold, stateStore, taskGroup } from '../stage/fold.ts'
import { DEAD_LETTERS, topicName } from '../stage/layout.ts'
import { Committer, FoldStream, PartitionReader } from '../stage/streams.ts'
import type { Task } from '../stage/topology.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Stores } from './stores.ts'

export interface GroupOptions {
  readonly stores: Stores
  readonly warehouse: Warehouse
  readonly cutting: Cutting
  /** Its number, of so many. */
  readonly group: number
  readonly groups: number
  /** Whether cuts are to be made at once, for somebody waits. Asked again and again. */
  readonly hurry: () => boolean
}

/**
 * The partitions that have one owner: their tasks and sinks, from the writer they share to their end. Opening it
 * fences whoever owned them before.
 */
export class PartitionGroup {
  readonly group: number
  readonly #o: GroupOptions
  readonly #stop = new AbortController()
  readonly #running: Promise<void>[] = []
  readonly #failure: Promise<never>
  #fail!: (error: unknown) => void
  readonly #eventIds: EventIds
  #writer!: LogWriter

  private constructor(options: GroupOptions) {
    this.#o = options
    this.group = options.group
    this.#eventIds = new EventIds(options.stores.codec)
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.#failure.catch(() => {})
    // Every reader and pause of every partition listens to it.
    setMaxListeners(0, this.#stop.signal)
  }

  static async open(options: GroupOptions): Promise<PartitionGroup> {
    const own = new PartitionGroup(options)
    own.#writer = await options.stores.log.writer(groupWriter(options.group))
    own.#start()
    return own
  }

  /** Rejects when a task or sink cannot go on. */
  get failure(): Promise<never> {
    return this.#failure
  }

  #owns(topic: string, partition: number): boolean {
    const { stores, group, groups } = this.#o
    return stores.layout.groupOf(topic, partition, groups) === group
  }

  #start(): void {
    const { app, layout } = this.#o.stores
    for (const task of app.tasks)
      for (const topic of layout.inputs(app, task))
        for (let p = 0; p < layout.partitions(topic); p++)
          if (this.#owns(topic, p)) this.#run(this.#fold(task, topic, p))
    for (const table of app.tables) {
      const topic = topicName(table.from.topic)
      for (let p = 0; p < layout.partitions(topic); p++)
        if (this.#owns(topic, p)) this.#run(this.#sink(table, topic, p))
    }
  }

  #run(work: Promise<void>): void {
    const quiet = work.catch(error => {
      if (this.#stop.signal.aborted) return
      this.#fail(error)
      this.#stop.abort()
    })
    this.#running.push(quiet)
  }

  async #fold(task: Task, topic: string, partition: number): Promise<void> {
    const { log, codec, layout, gates, options } = this.#o.stores
    const { signal } = this.#stop
    const { observer } = options
    const fold = new Fold({
      task,
      topic,
      partition,
      codec,
      layout,
      state: log.state(stateStore(task.name, topic, partition)),
      ...(options.cachedKeys === undefined ? {} : { cachedKeys: options.cachedKeys }),
      ...(options.forgetful ? { forgetful: true } : {}),
      onRecord: observer.records,
      onHandedOn: (kind, n) => observer.handedOn(task.name, kind, n),
      onDropped: (stage, n) => observer.dropped(task.name, stage, n),
      onDeadLetter: observer.deadLetter,
      onCrash: observer.crash,
    })
    const onOutage = (error: unknown, attempt: number) => observer.outage(`task ${task.name}`, error, attempt)
    const from =
      (await log.position(taskGroup(task.name), topic, partition)) ??
      (await log.bounds(topic, partition)).start
    const gate = gates.gate(task.stages.map(s => ['stage', s.name] as const))
    await pipeline(
      new PartitionReader({
        log,
        topic,
        partition,
        from,
        gate,
        signal,
        limit: options.readLimit,
        ready: records => fold.ready(records),
        onOutage,
      }),
      new FoldStream(fold),
      new Committer({
        writer: this.#writer,
        fold,
        signal,
        observe: seconds => observer.commit(task.name, seconds),
        onOutage,
      }),
    )
  }

  async #sink(table: TableSpec, topic: string, partition: number): Promise<void> {
    const { stores, cutting, warehouse, hurry } = this.#o
    const { log, codec, gates, generations, repairs, options } = stores
    const { signal } = this.#stop
    const onOutage = (error: unknown, attempt: number) =>
      options.observer.outage(`table ${table.name}`, error, attempt)
    await generations.ready(table, signal, reason => onOutage(reason, 1))
    const reader = codec.reader()
    const replaced = repairs.replacedRows(table.name, topic, partition)
    const inserter = new Inserter({
      table,
      cutting,
      database: options.warehouse.database,
      topic,
      partition,
      generation: generations.token(table),
      replaced,
      log,
      writer: this.#writer,
      warehouse,
      reader,
      shared: options.warehouse.url !== undefined,
      deadLetter: (record, reason) => this.#deadLetter(table, topic, partition, record, reason),
      onRows: n => options.observer.rows(table.name, n),
      onOutage,
      signal,
    })
    const from = await inserter.recover()
    const gate = gates.gate([['stage', table.name]])
    const { rows, bytes, ms } = options.cut
    const limits = { rows, bytes, ms: () => (hurry() ? 5 : ms) }
    const where = { table: table.name, topic, partition, from }
    const cuts = { log, cutting, limits, gate, signal, ...where, replaced, onOutage }
    await pipeline(new CutReader(cuts), inserter)
  }

  #deadLetter(table: TableSpec, topic: string, partition: number, record: StoredRecord, reason: string) {
    const { codec, layout, generations, options } = this.#o.stores
    const generation = generations.generation(table)
    const eventId = this.#eventIds.of(record.value)
    const letter = letterOfRecord(
      record,
      { topic, partition },
      { stage: table.name, reason, eventId, generation },
    )
    options.observer.deadLetter(table.name, reason)
    const key = `${letter.tenant_id}${KEY_SEPARATOR}${letter.event_id}`
    return {
      topic: topicName(DEAD_LETTERS),
      partition: partitionOf(key, layout.partitions(DEAD_LETTERS)),
      records: [
        {
          key: Buffer.from(key),
          value: codec.encode(deadLetterKind, letter),
          time: record.time,
        },
      ],
    }
  }

  /**
   * Stops reading and lets what is in hand be committed, then gives the writer back. Where it takes too long
   * (the warehouse or the log is away) the rest is left to the next owner, who finds it undone.
   */
  async stop(patienceMs = 30_000): Promise<void> {
    this.#stop.abort()
    const over = new AbortController()
    await Promise.race([
      Promise.all(this.#running),
      sleep(patienceMs, undefined, { signal: over.signal }).catch(() => {}),
    ])
    over.abort()
    await this.#writer.close()
  }
}

/** The one writer of a group. */
export const groupWriter = (group: number): string => `group/${group}`
