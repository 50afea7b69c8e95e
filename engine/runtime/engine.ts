import { setMaxListeners } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventIds } from '../codec/event-id.ts'
import { deadLetterKind, letterOfRecord } from '../deadletter/dead-letter.ts'
import { partitionOf } from '../log/partition.ts'
import type { StoredRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import { type Cutting, cutHere } from '../sink/cut.ts'
import { CutReader } from '../sink/cut-reader.ts'
import { Inserter, sinkGroup } from '../sink/inserter.ts'
import type { TableSpec } from '../sink/table.ts'
import { cutInThread } from '../sink/thread/thread.ts'
import type { SyncReport } from '../source/sync-run.ts'
import { Fold, stateStore, taskGroup } from '../stage/fold.ts'
import { DEAD_LETTERS, topicName } from '../stage/layout.ts'
import { Committer, FoldStream, PartitionReader } from '../stage/streams.ts'
import type { Task } from '../stage/topology.ts'
import { type ConnectionRun, runConnection } from './connection.ts'
import { lagOf } from './lag.ts'
import { prepare } from './prepare.ts'
import { kindsOf, type Stores } from './stores.ts'

/** Runs an application over its stores: every task and sink over every partition, until it is stopped. */
export class Engine {
  readonly stores: Stores
  readonly #stop = new AbortController()
  readonly #running: Promise<void>[] = []
  readonly #failure: Promise<never>
  readonly #eventIds: EventIds
  #fail!: (error: unknown) => void
  #cutting!: Cutting
  #hurry = false

  constructor(stores: Stores) {
    this.stores = stores
    this.#eventIds = new EventIds(stores.codec)
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.#failure.catch(() => {})
    // Every reader and pause of every partition listens to it.
    setMaxListeners(0, this.#stop.signal)
  }

  /** Rejects when a task or sink cannot go on. */
  get failure(): Promise<never> {
    return this.#failure
  }

  async start(): Promise<void> {
    const { app, layout } = this.stores
    const warehouse = await this.stores.warehouse()
    await prepare(this.stores, warehouse, { apply: false, lose: [] })
    for (const task of app.tasks)
      for (const topic of layout.inputs(app, task))
        for (let p = 0; p < layout.partitions(topic); p++) this.#run(this.#fold(task, topic, p))
    this.#cutting = this.#makeCutting()
    for (const table of app.tables) {
      const topic = topicName(table.from.topic)
      for (let p = 0; p < layout.partitions(topic); p++) this.#run(this.#sink(table, topic, p, warehouse))
    }
  }

  #makeCutting(): Cutting {
    const { app, log, codec, registry, options } = this.stores
    const { tables, tablesModule: module } = app
    if (module === undefined) return cutHere(log, codec.reader(), tables)
    const { dataDir } = options
    return cutInThread({ module, dataDir, kinds: kindsOf(app), schemas: registry.entries })
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
    const { log, codec, layout, gates, options } = this.stores
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
    const writer = await log.writer(`${task.name}/${topic}/${partition}`)
    const from =
      (await log.position(taskGroup(task.name), topic, partition)) ??
      (await log.bounds(topic, partition)).start
    const gate = gates.gate(task.stages.map(s => ['stage', s.name] as const))
    await pipeline(
      new PartitionReader({ log, topic, partition, from, gate, signal, limit: options.readLimit }),
      new FoldStream(fold),
      new Committer({
        writer,
        fold,
        signal,
        observe: seconds => observer.commit(task.name, seconds),
        onOutage: (error, attempt) => observer.outage(`task ${task.name}`, error, attempt),
      }),
    )
  }

  async #sink(
    table: TableSpec,
    topic: string,
    partition: number,
    warehouse: Awaited<ReturnType<Stores['warehouse']>>,
  ): Promise<void> {
    const { log, codec, gates, generations, repairs, options } = this.stores
    const { signal } = this.#stop
    const reader = codec.reader()
    const replaced = repairs.replacedRows(table.name, topic, partition)
    const cutting = this.#cutting
    const inserter = new Inserter({
      table,
      cutting,
      database: options.warehouse.database,
      topic,
      partition,
      generation: generations.token(table),
      replaced,
      log,
      writer: await log.writer(`${sinkGroup(table.name)}/${partition}`),
      warehouse,
      reader,
      shared: options.warehouse.url !== undefined,
      deadLetter: (record, reason) => this.#deadLetter(table, topic, partition, record, reason),
      onRows: n => options.observer.rows(table.name, n),
      onOutage: (error, attempt) => options.observer.outage(`table ${table.name}`, error, attempt),
      signal,
    })
    const from = await inserter.recover()
    const gate = gates.gate([['stage', table.name]])
    const { rows, bytes, ms } = options.cut
    const limits = { rows, bytes, ms: () => (this.#hurry ? 5 : ms) }
    const cuts = { log, cutting, limits, gate, signal, table: table.name, topic, partition, from, replaced }
    await pipeline(new CutReader(cuts), inserter)
  }

  #deadLetter(table: TableSpec, topic: string, partition: number, record: StoredRecord, reason: string) {
    const { codec, layout, generations, options } = this.stores
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

  /** Runs a connection once: see `runConnection`. Drain waits until its records are in the warehouse. */
  sync(run: ConnectionRun): Promise<SyncReport> {
    return runConnection(this.stores, run)
  }

  /** Resolves when everything in the log has been folded and inserted. Rejects when it cannot come to that. */
  async drain(signal?: AbortSignal): Promise<void> {
    this.#hurry = true
    try {
      for (;;) {
        signal?.throwIfAborted()
        const rows = await lagOf(this.stores)
        if (rows.every(r => r.lag === 0)) return
        await Promise.race([sleep(10), this.#failure])
      }
    } finally {
      this.#hurry = false
    }
  }

  /** Stops reading and lets what is in hand be committed. The stores stay open: whoever opened them closes them. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running)
    await this.#cutting?.close()
  }
}
