import type { EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'

const LIVE_TOPIC = 'stratum.live'

interface Live {
  readonly since: string
}

/**
 * Tenants whose time is the wall clock's: a connection has read for them as things happen. Kept in the log, so that
 * whichever process ticks knows them, also when nothing arrives any more: it is then that ticks say something.
 */
export class LiveTenants {
  readonly #table: LogTable<Live>

  private constructor(table: LogTable<Live>) {
    this.#table = table
  }

  static async open(log: EventLog): Promise<LiveTenants> {
    return new LiveTenants(await LogTable.open<Live>(log, LIVE_TOPIC))
  }

  names(): Iterable<string> {
    return this.#table.rows.keys()
  }

  /** `since`: ISO 8601; the first stands. */
  async add(tenant: string, since: string): Promise<void> {
    await this.#table.change(rows => (rows.has(tenant) ? [] : [[tenant, { since }]]))
  }

  /** Keeps up with what other processes add, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal, () => {})
  }
}
