import { EventEmitter, once } from 'node:events'
import { StratumError } from '../errors.ts'
import type { CommitUnit, EventLog } from '../log/port.ts'
import { LogTable, takenOver } from '../log/table.ts'
import { CUT, sinkGroup, sinkStore } from './inserter.ts'
import type { TableSpec } from './table.ts'

export const TABLES_TOPIC = 'stratum.tables'

/** Tries to set a sink back while its owner takes it again. */
const TRIES = 5

/** How a table has been filled so far. */
interface Cell {
  /** Version of the declaration its rows follow. */
  readonly version: number
  /** How often it has been filled from the start of its topic. */
  readonly generation: number
  /** Where this filling began, by partition; none: where the topic began. */
  readonly from: Readonly<Record<string, number>>
  /** The table is to be made anew before a row goes in: set first of all, before the sink is set back. */
  readonly remake: boolean
}

/**
 * Which filling of each table is in force, kept in the log. The generation is part of every deduplication token, so
 * that the rows of a refilled table are never taken for repeats of those that were dropped.
 */
export class Generations {
  readonly #log: EventLog
  readonly #cells: LogTable<Cell>
  readonly #changes = new EventEmitter().setMaxListeners(0)
  /** Fillings begun here whose table is not made yet. */
  readonly #begun = new Map<string, number>()

  private constructor(log: EventLog, cells: LogTable<Cell>) {
    this.#log = log
    this.#cells = cells
  }

  static async open(log: EventLog): Promise<Generations> {
    return new Generations(log, await LogTable.open<Cell>(log, TABLES_TOPIC))
  }

  /** Takes in what other processes have decided. */
  refresh(signal?: AbortSignal): Promise<void> {
    return this.#cells.refresh(signal)
  }

  /** Keeps up with other processes, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#cells.follow(signal, () => this.#changes.emit('change'))
  }

  /**
   * Resolves when rows may go in: what is put into a table before it is made anew is lost with it. `waits` is told
   * why it does not do so yet.
   */
  async ready(table: TableSpec, signal: AbortSignal, waits: (reason: StratumError) => void): Promise<void> {
    for (let told = false; ; told = true) {
      const changed = once(this.#changes, 'change', { signal })
      changed.catch(() => {})
      await this.refresh(signal)
      if (!this.toRemake(table)) break
      if (!told) waits(toBeMade(table))
      await changed
    }
    const version = this.version(table)
    if (version === null || version === table.version) return
    throw new StratumError(
      'TABLE_MISMATCH',
      `Table ${table.name} was made by version ${version} of its declaration, and this process fills it by version ${table.version}: another release has applied its own. Stop this one and start that one.`,
    )
  }

  /** The fillings known here, for `made`: taken before it is looked what is to be done. */
  known(): ReadonlyMap<string, number> {
    return new Map([...this.#cells.rows].map(([name, { generation }]) => [name, generation]))
  }

  /** Version of the declaration a table was made by; null when it never was. */
  version(table: TableSpec): number | null {
    return this.#cells.rows.get(table.name)?.version ?? null
  }

  /** The filling in force: what dead letters of the table are compared with. */
  generation(table: TableSpec): string {
    return String(this.#cells.rows.get(table.name)?.generation ?? 1)
  }

  /** The part of a deduplication token that says by what the rows were made. */
  token(table: TableSpec): string {
    return `${table.version}.${this.generation(table)}`
  }

  /** Offset from which the filling in force read a partition. */
  begin(table: TableSpec, partition: number): number {
    return this.#cells.rows.get(table.name)?.from[partition] ?? 0
  }

  /** A refill was decided on and the table not yet made anew. */
  toRemake(table: TableSpec): boolean {
    return this.#cells.rows.get(table.name)?.remake ?? false
  }

  /**
   * Raises the generation, then sets the table's sink back to the start of its topic. What is in the table from then
   * on is of the past: it has to be made anew (`made`) before its sink runs. Cut off anywhere, it has to be done
   * again from the beginning.
   *
   * `owners`: by partition, the writer that owns it. Each is taken over, so that a sink that runs elsewhere can open
   * and close no cut from there on; and it is what its next owner believes.
   */
  async refill(table: TableSpec, topic: string, owners: readonly string[]): Promise<void> {
    const from: Record<string, number> = {}
    for (let partition = 0; partition < owners.length; partition++)
      from[partition] = (await this.#log.bounds(topic, partition)).start
    // First: who takes a partition over while it is set back has to find that the table is not ready.
    await this.#cells.change(rows => {
      const generation = (rows.get(table.name)?.generation ?? 1) + 1
      this.#begun.set(table.name, generation)
      return [[table.name, { version: table.version, generation, from, remake: true }]]
    })
    for (const owner of new Set(owners)) {
      const partitions = owners.flatMap((name, partition) => (name === owner ? [partition] : []))
      await this.#takeAndCommit(owner, {
        state: partitions.map(p => ({
          store: sinkStore(table.name, p),
          changes: [{ key: CUT, value: null }],
        })),
        positions: partitions.map(partition => ({
          group: sinkGroup(table.name),
          topic,
          partition,
          next: from[partition]!,
        })),
      })
    }
  }

  /** An owner that was fenced by it may be back before the commit. */
  async #takeAndCommit(owner: string, unit: CommitUnit): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const writer = await this.#log.writer(owner)
      try {
        return await writer.commit(unit)
      } catch (error) {
        if (!takenOver(error) || attempt === TRIES) throw error
      } finally {
        await writer.close()
      }
    }
  }

  /**
   * The tables are there as this release declares them. `known`: the fillings on which that was decided.
   *
   * @throws TABLE_MISMATCH when another process has begun to fill a table again that was made anew here
   */
  async made(tables: readonly TableSpec[], known: ReadonlyMap<string, number>): Promise<void> {
    let crossed: string[] = []
    await this.#cells.change(rows => {
      const made: [string, Cell][] = []
      crossed = []
      for (const { name, version } of tables) {
        const before = rows.get(name)
        const { generation = 1, from = {} } = before ?? {}
        const begun = this.#begun.get(name)
        let cell: Cell = { version, generation, from, remake: false }
        if (generation !== (begun ?? known.get(name) ?? 1)) {
          // Whoever has set it back meanwhile has yet to make it anew.
          if (begun === undefined) continue
          // Its table was dropped here, perhaps with rows in it.
          crossed.push(name)
          cell = { ...before!, remake: true }
        }
        if (JSON.stringify(before) !== JSON.stringify(cell)) made.push([name, cell])
      }
      return made
    })
    this.#begun.clear()
    this.#changes.emit('change')
    if (crossed.length === 0) return
    throw new StratumError(
      'TABLE_MISMATCH',
      `Two processes made ${crossed.join(', ')} anew at the same time: wait until no other \`stratum apply\` runs, then run it again.`,
    )
  }
}

const toBeMade = ({ name }: TableSpec) =>
  new StratumError(
    'PAUSED',
    `table ${name} is to be made anew, and its sink waits for that: where no \`stratum apply\` is at it, one was cut off and has to be run again`,
  )
