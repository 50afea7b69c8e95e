import type { CommitUnit, EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import { CUT, sinkGroup, sinkStore } from './inserter.ts'
import type { TableSpec } from './table.ts'

export const TABLES_TOPIC = 'stratum.tables'

/** How a table has been filled so far. */
interface Cell {
  /** Version of the declaration its rows follow. */
  readonly version: number
  /** How often it has been filled from the start of its topic. */
  readonly generation: number
  /** Where this filling began, by partition; none: where the topic began. */
  readonly from: Readonly<Record<string, number>>
  /** The table is to be made anew before a row goes in: set together with the sink's position, before the drop. */
  readonly remake: boolean
}

/**
 * Which filling of each table is in force, kept in the log. The generation is part of every deduplication token, so
 * that the rows of a refilled table are never taken for repeats of those that were dropped.
 */
export class Generations {
  readonly #log: EventLog
  readonly #cells: LogTable<Cell>

  private constructor(log: EventLog, cells: LogTable<Cell>) {
    this.#log = log
    this.#cells = cells
  }

  static async open(log: EventLog): Promise<Generations> {
    return new Generations(log, await LogTable.open<Cell>(log, TABLES_TOPIC))
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
   * Sets a table's sink back to the start of its topic and raises the generation, in one commit. What is in the
   * table from then on is of the past: it has to be made anew (`made`) before its sink runs.
   */
  async refill(table: TableSpec, topic: string, partitions: number): Promise<void> {
    const from: Record<string, number> = {}
    const positions: NonNullable<CommitUnit['positions']>[number][] = []
    const state: NonNullable<CommitUnit['state']>[number][] = []
    for (let partition = 0; partition < partitions; partition++) {
      // A sink that still runs elsewhere can open no cut from here on.
      await this.#log.writer(`${sinkGroup(table.name)}/${partition}`)
      const { start } = await this.#log.bounds(topic, partition)
      from[partition] = start
      positions.push({ group: sinkGroup(table.name), topic, partition, next: start })
      state.push({ store: sinkStore(table.name, partition), changes: [{ key: CUT, value: null }] })
    }
    const refilled = (before: Cell | undefined): Cell => {
      return { version: table.version, generation: (before?.generation ?? 1) + 1, from, remake: true }
    }
    await this.#cells.change(
      rows => [[table.name, refilled(rows.get(table.name))]],
      0,
      () => ({ state, positions }),
    )
  }

  /** The tables are there as this release declares them. */
  async made(tables: readonly TableSpec[]): Promise<void> {
    const seen = new Map(this.#cells.rows)
    await this.#cells.change(rows => {
      const made: [string, Cell][] = []
      for (const { name, version } of tables) {
        const before = rows.get(name)
        const { generation = 1, from = {} } = before ?? {}
        // Whoever has set it back meanwhile has yet to make it anew.
        if (generation !== (seen.get(name)?.generation ?? 1)) continue
        const cell: Cell = { version, generation, from, remake: false }
        if (JSON.stringify(before) !== JSON.stringify(cell)) made.push([name, cell])
      }
      return made
    })
  }
}
