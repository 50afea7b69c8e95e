import { hash } from 'node:crypto'
import type { CommitUnit, EventLog } from '../log/port.ts'
import type { JsonSchema, SourceConfig } from './port.ts'

/** One configured use of a source by one tenant: cursors belong to it. Secrets do not count: they rotate. */
export function connectionId(tenant: string, source: string, config: SourceConfig, spec: JsonSchema): string {
  const open = Object.entries(config).filter(([name]) => !spec.properties?.[name]?.secret)
  const text = JSON.stringify(open.sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${tenant}/${source}/${hash('sha256', text, 'hex').slice(0, 12)}`
}

export type SyncPhase = 'idle' | 'running'

type StatePart = NonNullable<CommitUnit['state']>[number]

/** Where a connection stands: the cursor of each stream and whether a sync is under way. */
export class Cursors {
  readonly #log: EventLog
  readonly #connection: string

  constructor(log: EventLog, connection: string) {
    this.#log = log
    this.#connection = connection
  }

  state(stream: string): unknown {
    return this.#get(`cursor/${stream}`) ?? null
  }

  phase(): SyncPhase {
    return (this.#get('phase') as SyncPhase | undefined) ?? 'idle'
  }

  /** How many syncs have been begun. */
  runs(): number {
    return (this.#get('runs') as number | undefined) ?? 0
  }

  setState(stream: string, state: unknown): StatePart {
    return this.#set({ [`cursor/${stream}`]: state })
  }

  setPhase(phase: SyncPhase, runs: number): StatePart {
    return this.#set({ phase, runs })
  }

  #get(name: string): unknown {
    const bytes = this.#log.state(this.#store).get(Buffer.from(name))
    return bytes && JSON.parse(bytes.toString())
  }

  #set(cells: Record<string, unknown>): StatePart {
    const changes = Object.entries(cells).map(([name, value]) => ({
      key: Buffer.from(name),
      value: Buffer.from(JSON.stringify(value)),
    }))
    return { store: this.#store, changes }
  }

  get #store(): string {
    return `connect/${this.#connection}`
  }
}
