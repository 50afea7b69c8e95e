import { EventEmitter, once } from 'node:events'
import type { EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import type { Gate } from '../stage/streams.ts'

export type PauseKind = 'stage' | 'connector' | 'tenant'
export const PAUSES_TOPIC = 'stratum.pauses'

interface Pause {
  readonly since: string
}

/** What is paused, kept in the log so that a restart keeps it paused. */
export class Gates {
  readonly #table: LogTable<Pause>
  readonly #changes = new EventEmitter().setMaxListeners(0)

  private constructor(table: LogTable<Pause>) {
    this.#table = table
  }

  static async open(log: EventLog): Promise<Gates> {
    return new Gates(await LogTable.open<Pause>(log, PAUSES_TOPIC))
  }

  /** Keeps up with what other processes pause and resume, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal, () => this.#changes.emit('change'))
  }

  /** Whether it was not paused already. */
  async pause(kind: PauseKind, name: string, since: string): Promise<boolean> {
    return this.#set(`${kind}/${name}`, { since })
  }

  /** Whether it was paused. */
  async resume(kind: PauseKind, name: string): Promise<boolean> {
    return this.#set(`${kind}/${name}`, null)
  }

  async #set(key: string, pause: Pause | null): Promise<boolean> {
    let changes = false
    await this.#table.change(rows => {
      // The first pause stands: since when it is.
      changes = rows.has(key) !== (pause !== null)
      return changes ? [[key, pause]] : []
    })
    this.#changes.emit('change')
    return changes
  }

  paused(kind: PauseKind, name: string): boolean {
    return this.#table.rows.has(`${kind}/${name}`)
  }

  list(): { kind: PauseKind; name: string; since: string }[] {
    return [...this.#table.rows].map(([key, { since }]) => {
      const at = key.indexOf('/')
      return { kind: key.slice(0, at) as PauseKind, name: key.slice(at + 1), since }
    })
  }

  /** A gate that is open while none of the names is paused. */
  gate(names: readonly (readonly [PauseKind, string])[]): Gate {
    const shut = () => names.some(([kind, name]) => this.paused(kind, name))
    return {
      open: async signal => {
        while (shut() && !signal.aborted)
          await once(this.#changes, 'change', { signal }).catch(error => {
            if (!signal.aborted) throw error
          })
      },
    }
  }
}
