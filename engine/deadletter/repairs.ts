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
 * mark are one commit. Each is decided on what is in force: two replays of one letter, in whatever processes, must
 * not both find it open.
 */
export class Repairs {
  readonly #table: LogTable<Repair>

  private constructor(table: LogTable<Repair>) {
    this.#table = table
  }

  static async open(log: EventLog): Promise<Repairs> {
    return new Repairs(await LogTable.open<Repair>(log, REPAIRS_TOPIC))
  }

  /** Keeps up with what other processes edit and replay, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal)
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

  /** Makes an edit of the one there is, or takes it back: null. What `make` throws is thrown. */
  async edit(letter: DeadLetter, at: number, make: (before: Repair) => Edited | null): Promise<void> {
    const id = letter.event_id
    await this.#table.change(rows => {
      const edited = make(rows.get(id) ?? {})
      return [[id, edited && { edited }]]
    }, at)
  }

  /**
   * Replays letters that have not been, in one commit with their marks. `make` gives the record and its mark, or
   * null for a letter that is left alone; it may be asked about a letter more than once. Those it gave, by their ids.
   */
  async replay(
    letters: readonly DeadLetter[],
    at: number,
    make: (letter: DeadLetter, edited: Edited | undefined) => Replay | null,
  ): Promise<ReadonlyMap<string, Replayed>> {
    let marks = new Map<string, Replayed>()
    let appends: Replay['append'][] = []
    const decide = (rows: ReadonlyMap<string, Repair>) => {
      marks = new Map()
      appends = []
      for (const letter of letters) {
        const { edited, replayed } = rows.get(letter.event_id) ?? {}
        const made = replayed ? null : make(letter, edited)
        if (made === null) continue
        marks.set(letter.event_id, made.mark)
        appends.push(made.append)
      }
      return Array.from(marks, ([id, replayed]) => [id, { ...rows.get(id), replayed }] as const)
    }
    await this.#table.change(decide, at, () => ({ appends }))
    return marks
  }
}

/** What a replay appends, and what is remembered of it. */
export interface Replay {
  readonly append: NonNullable<CommitUnit['appends']>[number]
  readonly mark: Replayed
}
