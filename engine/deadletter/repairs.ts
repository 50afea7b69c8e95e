import type { CommitUnit, EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import type { DeadLetter } from './dead-letter.ts'

export const REPAIRS_TOPIC = 'stratum.deadletter-repairs'

/** What a person has done about a letter. The letter itself never changes. */
export interface Repair {
  readonly edited?: Edited
  readonly replayed?: Replayed
}

export interface Edited {
  /** The record that a replay sends instead, base64: Avro in the wire format. */
  readonly value: string
  /** UTC microseconds. */
  readonly at: number
}

export interface Replayed {
  readonly at: number
  /** Where the record was appended. */
  readonly topic: string
  readonly partition: number
  readonly edited: boolean
  /** The table or stage the record was for alone; null when it went to all. */
  readonly only: string | null
  /** Where the refused record lies, when it was one of the log. */
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: number } | null
}

/**
 * Edits and replays of dead letters, by the letters' ids, in a compacted topic of the log: so that a replay and its
 * mark are one commit. One at a time: two replays of one letter must not both find it open.
 */
export class Repairs {
  readonly #table: LogTable<Repair>
  #last: Promise<unknown> = Promise.resolve()

  private constructor(table: LogTable<Repair>) {
    this.#table = table
  }

  static async open(log: EventLog): Promise<Repairs> {
    return new Repairs(await LogTable.open<Repair>(log, REPAIRS_TOPIC))
  }

  of(id: string): Repair {
    return this.#table.rows.get(id) ?? {}
  }

  /** Offsets of records a table refused that have been replayed since: the replay is the row, they are not. */
  replacedRows(table: string, topic: string, partition: number): Set<number> {
    const offsets = new Set<number>()
    for (const { replayed } of this.#table.rows.values()) {
      if (!replayed?.origin || replayed.only !== table) continue
      const { origin } = replayed
      if (origin.topic === topic && origin.partition === partition) offsets.add(origin.offset)
    }
    return offsets
  }

  /** Work that looks at repairs and then writes some: after all that was asked for before it. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {})
    return turn
  }

  /** null takes an edit back. */
  async edit(letter: DeadLetter, edited: Edited | null, at: number): Promise<void> {
    await this.#table.put(letter.event_id, edited === null ? null : { edited }, at)
  }

  /** Marks letters as replayed, in one commit with the records that are appended for them. */
  async replayed(marks: ReadonlyMap<string, Replayed>, at: number, also: CommitUnit): Promise<void> {
    const rows = Array.from(marks, ([id, replayed]) => [id, { ...this.of(id), replayed }] as const)
    await this.#table.putAll(rows, at, also)
  }
}
